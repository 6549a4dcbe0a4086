import type { Detector } from '../detector.ts';
import atSvnr from './at-svnr.ts';
import atTaxNumber from './at-tax-number.ts';
import auAbn from './au-abn.ts';
import auMedicare from './au-medicare.ts';
import auTfn from './au-tfn.ts';
import beNationalNumber from './be-national-number.ts';
import bgEgn from './bg-egn.ts';
import brCnpj from './br-cnpj.ts';
import brCpf from './br-cpf.ts';
import caSin from './ca-sin.ts';
import chAhv from './ch-ahv.ts';
import chUid from './ch-uid.ts';
import cnResidentId from './cn-resident-id.ts';
import czBirthNumber from './cz-birth-number.ts';
import deSteuerId from './de-steuer-id.ts';
import dkCpr from './dk-cpr.ts';
import eeIsikukood from './ee-isikukood.ts';
import esDni from './es-dni.ts';
import esNie from './es-nie.ts';
import fiHetu from './fi-hetu.ts';
import frNir from './fr-nir.ts';
import frSiren from './fr-siren.ts';
import frTaxNumber from './fr-tax-number.ts';
import gbNhsNumber from './gb-nhs-number.ts';
import gbNino from './gb-nino.ts';
import grAfm from './gr-afm.ts';
import grAmka from './gr-amka.ts';
import hkId from './hk-id.ts';
import iePps from './ie-pps.ts';
import ilId from './il-id.ts';
import inAadhaar from './in-aadhaar.ts';
import inPan from './in-pan.ts';
import itCodiceFiscale from './it-codice-fiscale.ts';
import itPartitaIva from './it-partita-iva.ts';
import jpMyNumber from './jp-my-number.ts';
import krRrn from './kr-rrn.ts';
import ltAsmensKodas from './lt-asmens-kodas.ts';
import lvPersonasKods from './lv-personas-kods.ts';
import mxCurp from './mx-curp.ts';
import mxRfc from './mx-rfc.ts';
import nlBsn from './nl-bsn.ts';
import noFodselsnummer from './no-fodselsnummer.ts';
import plNip from './pl-nip.ts';
import plPesel from './pl-pesel.ts';
import ptNif from './pt-nif.ts';
import roCnp from './ro-cnp.ts';
import sePersonnummer from './se-personnummer.ts';
import sgNric from './sg-nric.ts';
import thCitizenId from './th-citizen-id.ts';
import trTckn from './tr-tckn.ts';
import twNationalId from './tw-national-id.ts';
import usEin from './us-ein.ts';
import usItin from './us-itin.ts';
import zaId from './za-id.ts';

/** Numbers that states give to people and companies. */
export const NATIONAL_IDS: readonly Detector[] = [
  atSvnr,
  atTaxNumber,
  auAbn,
  auMedicare,
  auTfn,
  beNationalNumber,
  bgEgn,
  brCnpj,
  brCpf,
  caSin,
  chAhv,
  chUid,
  cnResidentId,
  czBirthNumber,
  deSteuerId,
  dkCpr,
  eeIsikukood,
  esDni,
  esNie,
  fiHetu,
  frNir,
  frSiren,
  frTaxNumber,
  gbNhsNumber,
  gbNino,
  grAfm,
  grAmka,
  hkId,
  iePps,
  ilId,
  inAadhaar,
  inPan,
  itCodiceFiscale,
  itPartitaIva,
  jpMyNumber,
  krRrn,
  ltAsmensKodas,
  lvPersonasKods,
  mxCurp,
  mxRfc,
  nlBsn,
  noFodselsnummer,
  plNip,
  plPesel,
  ptNif,
  roCnp,
  sePersonnummer,
  sgNric,
  thCitizenId,
  trTckn,
  twNationalId,
  usEin,
  usItin,
  zaId,
];
