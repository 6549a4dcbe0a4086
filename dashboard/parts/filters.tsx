import { useEffect, useRef } from 'preact/hooks';
import { linkTo, setQuery } from '../route.ts';

/** One field above a list: a choice when it has values, else a text. Its name is the parameter of the API. */
export interface FilterField {
  readonly name: string;
  readonly title: string;
  readonly values?: readonly string[];
  readonly hint?: string;
  /** What is meant when nothing is chosen; default: anything. */
  readonly fallback?: string;
}

interface FiltersProps {
  readonly view: string;
  readonly fields: readonly FilterField[];
  /** Parameters that only links set: shown as something that can be taken away. */
  readonly hidden?: readonly string[];
  readonly given: Readonly<Record<string, string>>;
}

/** Fields whose values stand in the address, so that a filtered list can be linked to. The key `/` goes to the first one. */
export function Filters({ view, fields, hidden = [], given }: FiltersProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isEditable(event.target)) return;
      event.preventDefault();
      form.current?.querySelector<HTMLElement>('input, select')?.focus();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  const change = (name: string, value: string): void => setQuery(view, { ...given, [name]: value });
  const linked = hidden.filter((name) => (given[name] ?? '') !== '');
  const filtered = Object.entries(given).some(([name, value]) => value !== '' && name !== 'sort');
  return (
    <search>
      <form class="filters" ref={form} onSubmit={(event) => event.preventDefault()}>
        {fields.map((field) => (
          <Field key={field.name} field={field} value={given[field.name] ?? ''} change={change} />
        ))}
        {linked.map((name) => (
          <button type="button" key={name} onClick={() => change(name, '')}>
            {name}: <span class="anywhere">{given[name]}</span> <span aria-hidden="true">×</span>
            <span class="unseen"> (remove this filter)</span>
          </button>
        ))}
        {filtered ? <a href={linkTo(view)}>Clear all</a> : null}
      </form>
    </search>
  );
}

interface FieldProps {
  readonly field: FilterField;
  readonly value: string;
  readonly change: (name: string, value: string) => void;
}

function Field({ field: { name, title, values, hint, fallback }, value, change }: FieldProps) {
  if (values === undefined)
    return (
      <label class="grow">
        {title}
        <input type="search" value={value} placeholder={hint} onInput={(event) => change(name, event.currentTarget.value)} />
      </label>
    );
  return (
    <label>
      {title}
      <select value={value || (fallback ?? '')} onChange={(event) => change(name, event.currentTarget.value)}>
        {fallback === undefined ? <option value="">any</option> : null}
        {values.map((one) => (
          <option key={one} value={one}>
            {VALUE_NAMES[one] ?? one}
          </option>
        ))}
      </select>
    </label>
  );
}

const VALUE_NAMES: Readonly<Record<string, string>> = {
  true: 'yes',
  false: 'no',
  shadow: 'shadow (undeclared)',
  zombie: 'zombie (deprecated)',
  '-risk': 'riskiest first',
  '-lastSeen': 'seen last first',
  '-firstSeen': 'newest first',
  '-count': 'most calls first',
  '-findings': 'most findings first',
  host: 'by host',
  path: 'by path',
  deny: 'denied',
  redact: 'redacted',
  tokenize: 'tokenised',
  observe: 'only observed',
};

const isEditable = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
