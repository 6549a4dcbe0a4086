/**
 * A pattern of a name and the value it is given, for values that nothing but their name tells from other text. `name` and `value` are
 * pattern sources; case is ignored. Found are assignments of programs, shells, YAML, JSON (also inside a string), arguments
 * (`set("name", "value")`), XML (`<name>value<`), Markdown and a sentence (`the name is value`). Up to 16 letters may follow the name, as
 * in `<name>_api_key`. The match is the name and the value. It begins with the name, not with the value, because text without the name
 * then costs nothing: every word of prose is the beginning of a value.
 */
export function assignment(name: string, value: string): RegExp {
  return new RegExp(`(?:${name})[\\w .-]{0,16}${OPERATOR}(?:${value})`, 'i');
}

/** What stands between a name and its value, within a line: at most 14 units. */
export const OPERATOR = '["\'`*\\])\\\\ \\t]{0,5}(?:=>|:{1,3}=|(?:[?|+]|\\|\\||\\?\\?)?={1,2}|[:>,]|\\bis\\b)["\'`*(\\\\ \\t]{0,5}';
