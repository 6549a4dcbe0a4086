import { CATALOGUE } from '../detect/catalogue.ts';
import { type Detector, detectorId, FAMILIES, type Family } from '../detect/detector.ts';

/** `GET /api/v1/detectors/<id>`: what a finding of it means and what to do about one. */
export interface DetectorAdvice {
  readonly id: string;
  /** Empty: neither built in nor of a family that is. */
  readonly family: string;
  /** Whether it is built in; others are an operator's own, or another guardrail's. */
  readonly known: boolean;
  /** What it finds; null when it is not known. */
  readonly summary: string | null;
  readonly tier: string | null;
  /** What a finding of its family means. */
  readonly meaning: string;
  /** The next step when it was stopped, and when it went through. */
  readonly whenStopped: string;
  readonly whenPassed: string;
  /** Entries of public catalogues. */
  readonly references: readonly string[];
}

type FamilyAdvice = Pick<DetectorAdvice, 'meaning' | 'whenStopped' | 'whenPassed'>;

const BY_FAMILY: Readonly<Record<Family, FamilyAdvice>> = {
  pii: {
    meaning: 'Personal data stood in the traffic.',
    whenStopped: 'It was taken out. Ask why the endpoint has it at all: give the model less, or the caller a narrower query.',
    whenPassed: 'It went through. Set the detector to `redact` or `tokenize` for this route, or declare that this caller may see it.',
  },
  secret: {
    meaning: 'A key, token or password stood in the traffic.',
    whenStopped: 'It was kept back here, but whoever sent it has it in a prompt, a log or a file: rotate it, then look for the place.',
    whenPassed: 'Treat it as known to others: rotate it now, then set the detector to `deny` for this route.',
  },
  injection: {
    meaning: 'A text tries to make the model follow other instructions than its own.',
    whenStopped: 'The attempt did not reach the model. Look at what else this caller sent, and stop the caller if it goes on.',
    whenPassed: 'The model may have followed it. Read what it answered and which tools it called, then set the detector to `deny`.',
  },
  leak: {
    meaning: 'An answer repeats instructions or words that were to stay inside.',
    whenStopped: 'The passage was kept back. Take secrets out of the system text: it cannot keep them.',
    whenPassed: 'Take what leaked as public. Move secrets out of the system text and set the detector to `deny`.',
  },
  exfil: {
    meaning: 'An answer or a tool call carries data out, for example in a link or an image address.',
    whenStopped: 'Nothing left this way. Find the document or tool that planted it, and remove it.',
    whenPassed: 'Look at the host it points to and at what the address carries; then allow only the hosts you know.',
  },
  tool: {
    meaning: 'A tool says or does something a tool should not: its description gives orders, or hides them.',
    whenStopped: 'The tool did not reach the model. Ask its maker about the change before you approve it again.',
    whenPassed: 'Take the tool out of use until its description was read by a person, then approve that very description.',
  },
  output: {
    meaning: 'An answer is not what was asked for: another shape, a link or code outside the lists, or a refusal.',
    whenStopped: 'The answer was kept back. Correct the lists if it was right; otherwise look at the prompt that leads there.',
    whenPassed: 'Whoever reads the answer has to expect this. Set the detector to `deny` where a program reads it.',
  },
  topic: {
    meaning: 'The conversation is about something that this deployment was not meant for.',
    whenStopped: 'Nothing to do, unless it was wanted: then narrow the topic, or give the route a profile of its own.',
    whenPassed: 'If it is not wanted here, set the detector to `deny` for this route.',
  },
};

const UNKNOWN: FamilyAdvice = {
  meaning: 'A detector of your own, or another guardrail, reported this.',
  whenStopped: 'It was stopped. Whoever wrote the detector knows what follows from it.',
  whenPassed: 'It went through. Whoever wrote the detector knows whether it should have been stopped.',
};

let byId: ReadonlyMap<string, Detector> | undefined;

/** What is known about a detector; about one that is not built in what its family says. */
export function adviceFor(id: string): DetectorAdvice {
  byId ??= new Map(CATALOGUE.map((detector) => [detectorId(detector), detector]));
  const detector = byId.get(id);
  const family = FAMILIES.find((one) => one === id.split('.', 1)[0]);
  return {
    id,
    family: family ?? '',
    known: detector !== undefined,
    summary: detector?.summary ?? null,
    tier: detector?.tier ?? null,
    ...(family === undefined ? UNKNOWN : BY_FAMILY[family]),
    references: detector?.references ?? [],
  };
}
