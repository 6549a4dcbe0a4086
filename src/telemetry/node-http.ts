/**
 * Node's HTTP/1. An `import` of it reads every name that it exports, and one of them, `WebSocket`, is made when it is read: it brings `fetch`
 * with HTTP/2 and web streams, which takes 4 MB and 45 ms that nobody here needs.
 */
export const http = process.getBuiltinModule('node:http');
