import type { FindingAnswer } from '../api.ts';
import { moment } from '../format.ts';
import { linkTo } from '../route.ts';
import { familyName } from '../words.ts';
import { Dismissal } from './dismissal.tsx';
import { FoldOut } from './fold-out.tsx';
import { Advice } from './incident-card.tsx';
import { Ago, Level, Place, Taken } from './marks.tsx';

/** One finding: a line, and on opening what it means, what to do and where exactly it was. */
export const FindingItem = ({ finding }: { readonly finding: FindingAnswer }) => (
  <FoldOut line={<FindingLine finding={finding} />} opened={() => <Opened finding={finding} />} />
);

const FindingLine = ({ finding }: { readonly finding: FindingAnswer }) => (
  <>
    <span class="marks">
      <Level level={finding.severity} /> <Taken taken={finding.taken} />{' '}
      {finding.dismissal === null ? null : <span class="mark">dismissed</span>}
    </span>
    <span class="what">
      <b>{familyName(finding.family)}</b> <code>{finding.detector}</code>
      <br />
      <Place {...finding} />
    </span>
    <Ago time={finding.time} />
  </>
);

function Opened({ finding }: { readonly finding: FindingAnswer }) {
  const rows: readonly (readonly [string, string])[] = [
    ['Rule', `${finding.detector}, which policy set to ${finding.action}`],
    ['Route and policy', [finding.route, finding.policyVersion].filter((part) => part !== '').join(', ')],
    ['Where', `${finding.direction}, ${finding.lane}: ${finding.length} bytes from ${finding.start}`],
    ['Confidence', `${Math.round(finding.confidence * 100)} %`],
    ['Caller', [finding.callerKind, finding.callerId].filter((part) => part !== '').join(': ')],
    ['Agent', finding.agent],
    ['Model', finding.model],
    ['Time', moment(finding.time)],
    ['Exchange', finding.exchangeId],
  ];
  return (
    <div class="opened">
      <Advice detector={finding.detector} taken={finding.taken} />
      <dl>
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <p class="links">
        {finding.endpointId === null ? null : <a href={linkTo(`endpoints/${finding.endpointId}`)}>The endpoint</a>}{' '}
        <a href={linkTo('findings', { detector: finding.detector })}>All of this rule</a>{' '}
        {finding.exchangeId === '' ? null : <a href={linkTo('findings', { exchangeId: finding.exchangeId })}>All of this exchange</a>}
      </p>
      <Dismissal finding={finding} />
    </div>
  );
}
