import { useAnswer } from '../answer.ts';
import type { FindingList } from '../api.ts';
import { type FilterField, Filters } from '../parts/filters.tsx';
import { FindingItem } from '../parts/finding-item.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { Awaited, Empty } from '../parts/states.tsx';

const FIELDS: readonly FilterField[] = [
  { name: 'severity', title: 'Severity', values: ['critical', 'high', 'medium', 'low', 'info'] },
  { name: 'taken', title: 'Outcome', values: ['deny', 'redact', 'tokenize', 'observe'] },
  { name: 'family', title: 'Family', values: ['pii', 'secret', 'injection', 'leak', 'exfil', 'tool', 'output', 'topic'] },
  { name: 'direction', title: 'Direction', values: ['request', 'response'] },
  { name: 'state', title: 'State', values: ['open', 'dismissed'] },
  { name: 'since', title: 'Not older than', values: ['1h', '24h', '7d', '30d'] },
];
const HIDDEN = ['detector', 'endpoint', 'exchangeId', 'host', 'model', 'agent', 'callerId'] as const;
const PAGE_ROWS = 50;

/** Findings, the newest first; each says what to do. */
export function FindingsView({ query }: { readonly query: URLSearchParams }) {
  const given = Object.fromEntries([...FIELDS.map(({ name }) => name), ...HIDDEN].map((name) => [name, query.get(name) ?? '']));
  const parameters = new URLSearchParams([['limit', String(PAGE_ROWS)], ...Object.entries(given).filter(([, value]) => value !== '')]);
  const pages = usePages(`findings?${parameters}`);
  const answer = useAnswer<FindingList>(pages.path);
  return (
    <>
      <h1>Findings</h1>
      <Filters view="findings" fields={FIELDS} hidden={HIDDEN} given={given} />
      <Awaited answer={answer} what="findings">
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <Empty title="No finding fits">With no filter set this means that nothing worth a finding was seen.</Empty>
            ) : (
              <ul class="findings">
                {items.map((finding) => (
                  <FindingItem key={finding.id} finding={finding} />
                ))}
              </ul>
            )}
            <Pager pages={pages} next={next} />
          </>
        )}
      </Awaited>
    </>
  );
}
