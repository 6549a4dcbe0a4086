/**
 * The UTF-16 unit at an offset; NaN outside of the text. For loops over texts of any origin: V8 has a dozen kinds of strings, and where more
 * than four come along it looks `charCodeAt` up anew with every unit, which takes five times as long as reading it.
 */
export const unitAt: (text: string, at: number) => number = Function.prototype.call.bind(String.prototype.charCodeAt);
