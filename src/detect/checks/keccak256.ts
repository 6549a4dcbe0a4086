const RATE_BYTES = 136;
const LANES = 25;
const ROUNDS = 24;

/**
 * Keccak-256 of at most 135 ASCII characters, as 32 bytes: what Ethereum hashes with. SHA3-256 of FIPS 202 pads differently, and not every
 * OpenSSL offers the original.
 */
export function keccak256(ascii: string): Uint8Array {
  const block = new DataView(new ArrayBuffer(LANES * 8));
  for (let i = 0; i < ascii.length; i++) block.setUint8(i, ascii.charCodeAt(i));
  block.setUint8(ascii.length, 0x01);
  block.setUint8(RATE_BYTES - 1, block.getUint8(RATE_BYTES - 1) | 0x80);
  const state = Int32Array.from({ length: LANES * 2 }, (_, half) => block.getInt32(4 * half, true));
  permute(state);
  const digest = new DataView(new ArrayBuffer(32));
  for (let half = 0; half < 8; half++) digest.setInt32(4 * half, state[half]!, true);
  return new Uint8Array(digest.buffer);
}

/** Keccak-f[1600]; a lane of 64 bits is a low and a high half. */
function permute(state: Int32Array): void {
  const columns = new Int32Array(10);
  const moved = new Int32Array(LANES * 2);
  for (let round = 0; round < ROUNDS; round++) {
    for (let x = 0; x < 10; x++) columns[x] = state[x]! ^ state[x + 10]! ^ state[x + 20]! ^ state[x + 30]! ^ state[x + 40]!;
    for (let x = 0; x < 5; x++) {
      const [low, high] = [columns[2 * ((x + 1) % 5)]!, columns[2 * ((x + 1) % 5) + 1]!];
      const lowParity = columns[2 * ((x + 4) % 5)]! ^ ((low << 1) | (high >>> 31));
      const highParity = columns[2 * ((x + 4) % 5) + 1]! ^ ((high << 1) | (low >>> 31));
      for (let lane = x; lane < LANES; lane += 5) {
        state[2 * lane]! ^= lowParity;
        state[2 * lane + 1]! ^= highParity;
      }
    }
    for (let lane = 0; lane < LANES; lane++) {
      const to = MOVES[lane]!;
      const turn = ROTATIONS[lane]!;
      const [low, high] = turn < 32 ? [state[2 * lane]!, state[2 * lane + 1]!] : [state[2 * lane + 1]!, state[2 * lane]!];
      const by = turn % 32;
      moved[2 * to] = by === 0 ? low : (low << by) | (high >>> (32 - by));
      moved[2 * to + 1] = by === 0 ? high : (high << by) | (low >>> (32 - by));
    }
    for (let half = 0; half < LANES * 2; half++) {
      const row = half - (half % 10);
      state[half] = moved[half]! ^ (~moved[row + ((half + 2) % 10)]! & moved[row + ((half + 4) % 10)]!);
    }
    state[0]! ^= ROUND_CONSTANTS[2 * round]!;
    state[1]! ^= ROUND_CONSTANTS[2 * round + 1]!;
  }
}

/** Where a lane goes (π) and how far it is turned (ρ), for lane x + 5y. */
const MOVES = Array.from({ length: LANES }, (_, lane) => {
  const [x, y] = [lane % 5, Math.floor(lane / 5)];
  return y + 5 * ((2 * x + 3 * y) % 5);
});
const ROTATIONS = rotations();
const ROUND_CONSTANTS = roundConstants();

function rotations(): Uint8Array {
  const turns = new Uint8Array(LANES);
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    turns[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return turns;
}

/** One bit of a linear feedback shift register for each of the places 2^j − 1 of each round (ι), low and high halves in turn. */
function roundConstants(): Int32Array {
  const constants = new Int32Array(2 * ROUNDS);
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    for (let j = 0; j < 7; j++) {
      const place = 2 ** j - 1;
      if (register & 1) constants[2 * round + (place >> 5)]! ^= 1 << (place & 31);
      register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    }
  }
  return constants;
}
