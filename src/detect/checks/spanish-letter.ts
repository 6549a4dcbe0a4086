const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Whether a letter is the check letter of a Spanish DNI or NIE number: its remainder modulo 23 picks one of 23 letters (Real Decreto 1553/2005). */
export function hasSpanishLetter(number: number, letter: string): boolean {
  return LETTERS[number % 23] === letter.toUpperCase();
}
