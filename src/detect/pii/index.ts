import type { Detector } from '../detector.ts';
import card from './card.ts';
import email from './email.ts';
import iban from './iban.ts';
import phone from './phone.ts';
import usSsn from './us-ssn.ts';

/** What says who somebody is, or how to reach or charge them. */
export const PII: readonly Detector[] = [card, email, iban, phone, usSsn];
