import { useState } from 'preact/hooks';
import { useAnswer } from '../answer.ts';
import { type DismissalAnswer, type DismissalScope, dismiss, type FindingAnswer, reopen } from '../api.ts';
import { tellNews } from '../news.ts';
import { Awaited } from './states.tsx';

/** Whether a finding is dismissed, until when and why; else the form to do it. */
export function Dismissal({ finding }: { readonly finding: FindingAnswer }) {
  return finding.dismissal === null ? <DismissForm finding={finding} /> : <Dismissed id={finding.dismissal} />;
}

function Dismissed({ id }: { readonly id: string }) {
  const answer = useAnswer<{ readonly items: readonly DismissalAnswer[] }>('dismissals');
  return (
    <Awaited answer={answer} what="the dismissal">
      {({ items }) => {
        const item = items.find((one) => one.id === id);
        return item === undefined ? null : <Standing item={item} />;
      }}
    </Awaited>
  );
}

function Standing({ item }: { readonly item: DismissalAnswer }) {
  const [said, say] = useState('');
  const takeBack = async (): Promise<void> => {
    const outcome = await reopen(item.id);
    if (!outcome.ok) say(outcome.problem.text);
    tellNews();
  };
  const { until, reason, by } = item.row;
  return (
    <div class="dismissal">
      <p>
        Dismissed until {until}
        {by === undefined ? '' : ` by ${by}`}: {reason}
      </p>
      {item.policyRow === null ? (
        <p>No policy excepts this: what an agent may do stands elsewhere in it.</p>
      ) : (
        <label>
          For <code>exceptions:</code> in your policy, so that the filter follows
          <textarea class="row-to-add" readOnly rows={3} value={`exceptions:\n  ${item.policyRow}`} />
        </label>
      )}
      <p>
        <button type="button" onClick={() => void takeBack()}>
          Take back
        </button>{' '}
        <span role="status">{said}</span>
      </p>
    </div>
  );
}

const DAY_MS = 86_400_000;
const DAYS = 90;

/** What a dismissal can hold for, and what the finding says of it; empty: nothing. */
const scopesOf = ({
  agent,
  route,
  host,
  path,
  lane,
}: FindingAnswer): readonly (readonly [name: DismissalScope, title: string, value: string])[] => [
  ['agent', 'agent', agent],
  ['route', 'route', route],
  ['endpoint', 'endpoint', host === '' ? '' : `${host}${path}`],
  ['lane', 'kind of text', lane],
];

function DismissForm({ finding }: { readonly finding: FindingAnswer }) {
  const [said, say] = useState('');
  const scopes = scopesOf(finding).filter(([, , value]) => value !== '');
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const scope = scopes.map(([name]) => name).filter((name) => form.has(name));
    const by = text('by');
    const asked = { finding: finding.id, scope, until: text('until'), reason: text('reason'), ...(by === '' ? {} : { by }) };
    const outcome = await dismiss(asked);
    if (!outcome.ok) say(outcome.problem.text);
    tellNews();
  };
  return (
    <details class="dismissal">
      <summary>A false alarm? Dismiss it</summary>
      <form class="stack" onSubmit={(event) => void save(event)}>
        <fieldset>
          <legend>
            <code>{finding.detector}</code> is no matter for
          </legend>
          {scopes.map(([name, title, value]) => (
            <label key={name} class="scope">
              <input type="checkbox" name={name} defaultChecked /> the {title} <code class="anywhere">{value}</code>
            </label>
          ))}
        </fieldset>
        <label>
          Last day{' '}
          <input type="date" name="until" required defaultValue={new Date(Date.now() + DAYS * DAY_MS).toISOString().slice(0, 10)} />
        </label>
        <label>
          Reason <input name="reason" required maxLength={1000} />
        </label>
        <label>
          Who decides <input name="by" maxLength={255} />
        </label>
        <p>
          <button type="submit">Dismiss</button> <span role="status">{said}</span>
        </p>
      </form>
    </details>
  );
}
