import { useEffect, useState } from 'preact/hooks';

/** Where the page stands: the words and parameters behind `#/`. */
export interface Route {
  readonly words: readonly string[];
  readonly query: URLSearchParams;
}

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace('#', '').split('?', 2);
  return { words: path.split('/').filter((word) => word !== ''), query: new URLSearchParams(query) };
}

/** The address of a view; parameters without a value are left out. */
export function linkTo(view: string, parameters: Readonly<Record<string, string>> = {}): string {
  const given = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return given.size === 0 ? `#/${view}` : `#/${view}?${given}`;
}

/** The present route; the view is drawn anew when the address changes. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return readRoute(hash);
}

/** Changes parameters of the present view without a new entry in the history: typing in a search field is no journey. */
export function setQuery(view: string, parameters: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', linkTo(view, parameters));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
