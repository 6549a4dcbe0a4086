/** Stand-in signature while the reader is written; see JsonDoc. */
export interface JsonDoc {
  readonly root: JsonNode;
}
export type JsonNode = number & { readonly unit: 'json-node' };
