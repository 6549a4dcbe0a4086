import type { Detector } from '../detector.ts';
import bankAccount from './bank-account.ts';
import bic from './bic.ts';
import bitcoinAddress from './bitcoin-address.ts';
import card from './card.ts';
import dateOfBirth from './date-of-birth.ts';
import dateOfBirthBehind from './date-of-birth-behind.ts';
import driverLicence from './driver-licence.ts';
import email from './email.ts';
import ethereumAddress from './ethereum-address.ts';
import healthInsurance from './health-insurance.ts';
import iban from './iban.ts';
import imei from './imei.ts';
import ipAddress from './ip-address.ts';
import litecoinAddress from './litecoin-address.ts';
import macAddress from './mac-address.ts';
import medicalRecord from './medical-record.ts';
import passport from './passport.ts';
import phone from './phone.ts';
import postalAddress from './postal-address.ts';
import rippleAddress from './ripple-address.ts';
import tronAddress from './tron-address.ts';
import ukDrivingLicence from './uk-driving-licence.ts';
import ukSortCode from './uk-sort-code.ts';
import usDea from './us-dea.ts';
import usMedicareBeneficiary from './us-medicare-beneficiary.ts';
import usNpi from './us-npi.ts';
import usRoutingNumber from './us-routing-number.ts';
import usSsn from './us-ssn.ts';
import vin from './vin.ts';

/** What says who somebody is, or how to reach or charge them. */
export const PII: readonly Detector[] = [
  bankAccount,
  bic,
  bitcoinAddress,
  card,
  dateOfBirth,
  dateOfBirthBehind,
  driverLicence,
  email,
  ethereumAddress,
  healthInsurance,
  iban,
  imei,
  ipAddress,
  litecoinAddress,
  macAddress,
  medicalRecord,
  passport,
  phone,
  postalAddress,
  rippleAddress,
  tronAddress,
  ukDrivingLicence,
  ukSortCode,
  usDea,
  usMedicareBeneficiary,
  usNpi,
  usRoutingNumber,
  usSsn,
  vin,
];
