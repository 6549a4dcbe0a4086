/**
 * Sentences that stand in the instructions of thousands of assistants: an answer that has one says nothing about this system text.
 * `fingerprintOf` takes them out.
 */
export const BOILERPLATE: readonly string[] = [
  'You are a helpful assistant.',
  'You are a helpful, harmless and honest AI assistant.',
  'You are a friendly and helpful virtual assistant. How can I help you today?',
  'You are a large language model trained by OpenAI. You are an AI assistant made by Anthropic. You are a large language model built by Google.',
  'Knowledge cutoff: Current date:',
  'Answer the question based on the context below. Use the following pieces of context to answer the question at the end.',
  "If you don't know the answer, just say that you don't know, don't try to make up an answer.",
  'If you are not sure about the answer, say that you do not know.',
  'Always answer as helpfully as possible, while being safe.',
  'Please ensure that your responses are socially unbiased and positive in nature.',
  'Your answers should not include any harmful, unethical, racist, sexist, toxic, dangerous or illegal content.',
  'Respond in the same language as the user. Keep your answers short and concise. Think step by step.',
  'I cannot provide financial, legal or medical advice. Please consult a qualified professional.',
  'Thank you for contacting us. Is there anything else I can help you with today?',
];
