import { ConnectionError, ERROR_CODE } from './frames.ts';

/**
 * Decodes a string in the Huffman code of HPACK (RFC 7541, 5.2 and appendix B), four bits at a step. Throws ConnectionError for a code that
 * no sign has, for the end-of-string sign, and for padding that is not the shortest run of ones.
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string {
  const out = (end - start) * 2 <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe((end - start) * 2);
  let length = 0;
  let state = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    for (let shift = 4; shift >= 0; shift -= 4) {
      const step = STEPS[state * 16 + ((byte >> shift) & 0xf)]!;
      if (step < 0) throw new ConnectionError(ERROR_CODE.compression, 'a Huffman code is not valid');
      if ((step & SIGN) !== 0) out[length++] = (step >> 8) & 0xff;
      state = step & 0xff;
    }
  }
  if (PADDING[state] === 0) throw new ConnectionError(ERROR_CODE.compression, 'a Huffman string does not end as it should');
  return out.toString('latin1', 0, length);
}

/** Bits of each sign's code; the last is the end of the string. Codes of one length are in the order of their signs (RFC 7541, B). */
const CODE_BITS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10,
  12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7,
  7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22,
  23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22,
  23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20,
  24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
] as const;

const END_OF_STRING = 256;
const CODE_BITS_MAX = 30;
const PADDING_BITS_MAX = 7;
/** Set in a step that completes a sign, which stands in bits 8 to 15; the next state stands in bits 0 to 7. */
const SIGN = 0x1_0000;

/** The tree of codes as its inner nodes; a child is a node's number, or a sign's as `-1 - sign`, or undefined. */
function codeTree(): (number | undefined)[][] {
  const nodes: (number | undefined)[][] = [[]];
  let code = 0;
  for (let bits = 1; bits <= CODE_BITS_MAX; bits++) {
    code *= 2;
    for (let sign = 0; sign < CODE_BITS.length; sign++) {
      if (CODE_BITS[sign] !== bits) continue;
      addCode(nodes, { code, bits, sign });
      code++;
    }
  }
  return nodes;
}

function addCode(nodes: (number | undefined)[][], { code, bits, sign }: Record<'code' | 'bits' | 'sign', number>): void {
  let node = 0;
  for (let bit = bits - 1; bit > 0; bit--) {
    const way = (code >>> bit) & 1;
    let child = nodes[node]![way];
    if (child === undefined) {
      child = nodes.push([]) - 1;
      nodes[node]![way] = child;
    }
    node = child;
  }
  nodes[node]![code & 1] = -1 - sign;
}

/** For each inner node and each four bits: what comes of it, or -1. */
function stepTable(nodes: readonly (readonly (number | undefined)[])[]): Int32Array {
  const steps = new Int32Array(nodes.length * 16).fill(-1);
  for (let node = 0; node < nodes.length; node++) for (let bits = 0; bits < 16; bits++) steps[node * 16 + bits] = stepOf(nodes, node, bits);
  return steps;
}

function stepOf(nodes: readonly (readonly (number | undefined)[])[], from: number, bits: number): number {
  let node = from;
  let sign = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = nodes[node]![(bits >> bit) & 1];
    if (child === undefined || child === -1 - END_OF_STRING) return -1;
    if (child < 0) sign = SIGN | ((-1 - child) << 8);
    node = Math.max(0, child);
  }
  return sign | node;
}

/** 1 for the states a string may end in: up to seven ones since the last sign. */
function paddingTable(nodes: readonly (readonly (number | undefined)[])[]): Uint8Array {
  const allowed = new Uint8Array(nodes.length);
  let node = 0;
  for (let bits = 0; bits <= PADDING_BITS_MAX; bits++) {
    allowed[node] = 1;
    node = nodes[node]![1]!;
  }
  return allowed;
}

const TREE = codeTree();
const STEPS = stepTable(TREE);
const PADDING = paddingTable(TREE);
const SCRATCH = Buffer.allocUnsafe(8192);
