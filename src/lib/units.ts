/** A position or length in a buffer, in bytes. */
export type ByteOffset = number & { readonly unit: 'byte' };

/** A position or length in a string, in UTF-16 code units. */
export type Utf16Offset = number & { readonly unit: 'utf16' };

/** Marks a number as bytes. Mixing the two units moves a redaction, so they never convert silently. */
export const byteOffset = (value: number): ByteOffset => value as ByteOffset;

/** Marks a number as UTF-16 code units. */
export const utf16Offset = (value: number): Utf16Offset => value as Utf16Offset;

/** A half-open range of bytes. */
export interface ByteSpan {
  readonly start: ByteOffset;
  readonly end: ByteOffset;
}
