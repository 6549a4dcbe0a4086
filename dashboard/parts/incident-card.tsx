import { useAnswer } from '../answer.ts';
import type { DetectorAdvice } from '../api.ts';
import { counted } from '../format.ts';
import type { Incident } from '../incidents.ts';
import { linkTo } from '../route.ts';
import { familyName, takenWord, wasStopped } from '../words.ts';
import { Ago, Level, Names, Place, Taken } from './marks.tsx';

/** One group of findings: what happened, which rules said so, what was done, and what to do. */
export function IncidentCard({ incident }: { readonly incident: Incident }) {
  const { newest, family, taken, detectors, count, exchanges } = incident;
  return (
    <li class={`card ${wasStopped(taken) ? 'good' : 'bad'}`}>
      <h3>
        {familyName(family)}, {takenWord(taken)}
      </h3>
      <p class="marks">
        <Level level={newest.severity} /> <Taken taken={taken} /> <Ago time={newest.time} />
      </p>
      <p>
        {newest.endpointId === null ? <Place {...newest} /> : <EndpointLink id={newest.endpointId} incident={incident} />}
        <br />
        <small>
          {counted(count, 'finding')} in {counted(exchanges, 'exchange')}, in the {newest.direction}
        </small>
      </p>
      <p>
        <b>Rule</b> <Names names={detectors} />{' '}
        <small>
          {newest.route === '' ? '' : `route ${newest.route}, `}policy {newest.policyVersion === '' ? 'unknown' : newest.policyVersion}
        </small>
      </p>
      <Advice detector={detectors[0] ?? ''} taken={taken} />
    </li>
  );
}

const EndpointLink = ({ id, incident: { newest } }: { readonly id: string; readonly incident: Incident }) => (
  <a href={linkTo(`endpoints/${id}`)}>
    <Place {...newest} />
  </a>
);

interface AdviceProps {
  readonly detector: string;
  readonly taken: string;
}

/** The next step, as the inventory knows it for this detector. */
export function Advice({ detector, taken }: AdviceProps) {
  const answer = useAnswer<{ readonly item: DetectorAdvice }>(`detectors/${encodeURIComponent(detector)}`);
  if (answer.kind !== 'ready') return null;
  const { meaning, whenStopped, whenPassed } = answer.value.item;
  return (
    <p class="advice">
      {meaning} <b>What to do:</b> {wasStopped(taken) ? whenStopped : whenPassed}
    </p>
  );
}
