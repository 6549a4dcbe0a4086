import type { ComponentChildren } from 'preact';
import type { Answer } from '../answer.ts';

interface AwaitedProps<T> {
  readonly answer: Answer<T>;
  /** What is waited for, in the middle of a sentence. */
  readonly what: string;
  readonly children: (value: T) => ComponentChildren;
}

/** Draws an answer once it is there; until then that it is waited for, or why it cannot be had. */
export function Awaited<T>({ answer, what, children }: AwaitedProps<T>) {
  switch (answer.kind) {
    case 'loading':
      return (
        <div class="skeleton" role="status">
          <span class="unseen">Loading {what}</span>
          <i />
          <i />
          <i />
        </div>
      );
    case 'failed':
      return (
        <div class="failure" role="alert">
          <strong>{answer.problem.text}</strong>
          <p>{NEXT[answer.problem.kind]}</p>
        </div>
      );
    case 'ready':
      return <>{children(answer.value)}</>;
  }
}

const NEXT = {
  down: 'It is asked again every few seconds. If it stays away: does `sluice up` or `sluice inventory serve` still run?',
  token: 'Go to the overview to give it.',
  refused: 'Clear the filters, or go back to the overview.',
} as const;

interface EmptyProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** What stands where nothing is yet: what it would be, and how it gets there. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      <p>{children}</p>
    </div>
  );
}
