import type { FormatSink } from './format.ts';

/**
 * A sink that hears what a document says of models, methods, persons and tools, and none of its texts: for reading a document in a second
 * dialect, because nobody knows which one its receiver speaks. Keys of tool events stand below `key`, so that two readings do not meet.
 */
export function silentSink(sink: FormatSink, key: string): FormatSink {
  return {
    facts: sink.facts,
    ...{ text: ignore, nestedJson: ignore, parts: ignore, rest: ignore, whole: ignore, name: ignore, media: ignore, echo: ignore },
    ...{ signature: ignore, turns: ignore, counter: ignore, keeps: ignore, ends: ignore },
    items: (node, visit) => sink.items(node, visit),
    declares: (tool) => sink.declares({ ...tool, key: `${key}.${tool.key}` }),
    calls: (call) => sink.calls({ ...call, key: `${key}.${call.key}` }),
    answers: (result) => sink.answers({ ...result, key: `${key}.${result.key}` }),
  };
}

const ignore = (): void => undefined;
