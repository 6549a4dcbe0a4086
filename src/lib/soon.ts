/** A value that is there, or comes. */
export type Soon<T> = T | Promise<T>;

/** Gives a value to `use`: at once when it is there. A promise must not reject. */
export function whenKnown<T>(value: Soon<T>, use: (value: T) => void): void {
  if (value instanceof Promise) void value.then(use);
  else use(value);
}

/** Makes something of a value, at once when it is there. */
export function mapSoon<T, U>(value: Soon<T>, make: (value: T) => U): Soon<U> {
  return value instanceof Promise ? value.then(make) : make(value);
}
