import { useState } from 'preact/hooks';
import { token } from '../api.ts';
import { tellNews } from '../news.ts';

/** Asks for the inventory's token; it stays in this tab's session and goes nowhere else. */
export function TokenForm() {
  const [value, setValue] = useState('');
  const keep = (event: Event): void => {
    event.preventDefault();
    token.keep(value);
    tellNews();
  };
  return (
    <section class="narrow">
      <h1>This inventory asks for a token</h1>
      <p>
        It is what the inventory was started with as <code>SLUICE_INVENTORY_TOKEN</code>. It is kept until this tab is closed.
      </p>
      <form onSubmit={keep} class="row">
        <label>
          Token <input type="password" autocomplete="off" value={value} onInput={(event) => setValue(event.currentTarget.value)} />
        </label>
        <button type="submit">Go on</button>
      </form>
      {token.read() === '' ? null : <p role="alert">The token that was given is not the right one.</p>}
    </section>
  );
}
