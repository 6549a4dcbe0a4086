import type { Detector } from '../detector.ts';
import chatMarkup from './chat-markup.ts';
import direct from './direct.ts';
import promptExtraction from './prompt-extraction.ts';
import roleHijack from './role-hijack.ts';

/** Instructions that are aimed at the model by whoever talks to it. */
export const INJECTION: readonly Detector[] = [chatMarkup, direct, promptExtraction, roleHijack];
