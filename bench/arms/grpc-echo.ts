/** What a filter with the usual packages would be: ext_proc over `@grpc/grpc-js` and `@grpc/proto-loader`, everything let through. Prints `{"port"}`. */
import path from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials, type ServerDuplexStream, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** What is read of a ProcessingRequest: which message it is, and a body that has to go back. */
interface Message {
  readonly request?: 'request_headers' | 'response_headers' | 'request_body' | 'response_body' | 'request_trailers' | 'response_trailers';
  readonly response_body?: { readonly body: Buffer; readonly end_of_stream: boolean };
}

const definition = loadSync('envoy/service/ext_proc/v3/external_processor.proto', {
  includeDirs: [path.join(import.meta.dirname, '../../protos')],
  keepCase: true,
  oneofs: true,
  enums: Number,
});
const { envoy } = loadPackageDefinition(definition) as unknown as {
  envoy: { service: { ext_proc: { v3: { ExternalProcessor: ServiceClientConstructor } } } };
};

const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
server.addService(envoy.service.ext_proc.v3.ExternalProcessor.service, {
  Process(call: ServerDuplexStream<Message, object>) {
    call.on('data', (message: Message) => {
      if (message.request !== undefined) call.write({ [message.request]: answerTo(message) });
    });
    call.on('end', () => call.end());
    call.on('error', () => call.end());
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.on('SIGTERM', () => process.exit(0));

function answerTo({ request, response_body: body }: Message): object {
  if (request !== 'response_body' || body === undefined) return request?.endsWith('trailers') ? {} : { response: {} };
  const { body: bytes, end_of_stream } = body;
  return { response: { body_mutation: { streamed_response: { body: bytes, end_of_stream } } } };
}
