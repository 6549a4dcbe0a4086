import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** A line of a list that opens; what it opens to is made when it does. */
export function FoldOut({ line, opened }: { readonly line: ComponentChildren; readonly opened: () => ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{line}</summary>
        {open ? opened() : null}
      </details>
    </li>
  );
}
