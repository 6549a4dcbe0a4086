import type { Detector } from '../detector.ts';

/** Instructions where only data should stand: tool results, documents, web pages, e-mails. */
export const INDIRECT: readonly Detector[] = [];
