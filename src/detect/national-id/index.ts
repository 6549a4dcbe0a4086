import type { Detector } from '../detector.ts';
import aeEmiratesId from './ae-emirates-id.ts';
import arCuit from './ar-cuit.ts';
import atSvnr from './at-svnr.ts';
import atTaxNumber from './at-tax-number.ts';
import auAbn from './au-abn.ts';
import auMedicare from './au-medicare.ts';
import auTfn from './au-tfn.ts';
import beNationalNumber from './be-national-number.ts';
import bgEgn from './bg-egn.ts';
import brCnpj from './br-cnpj.ts';
import brCpf from './br-cpf.ts';
import brPis from './br-pis.ts';
import caSin from './ca-sin.ts';
import chAhv from './ch-ahv.ts';
import chUid from './ch-uid.ts';
import clRut from './cl-rut.ts';
import cnResidentId from './cn-resident-id.ts';
import coNit from './co-nit.ts';
import cyTic from './cy-tic.ts';
import czBirthNumber from './cz-birth-number.ts';
import deIdCard from './de-id-card.ts';
import deRvnr from './de-rvnr.ts';
import deSteuerId from './de-steuer-id.ts';
import dkCpr from './dk-cpr.ts';
import doCedula from './do-cedula.ts';
import ecCedula from './ec-cedula.ts';
import eeIsikukood from './ee-isikukood.ts';
import egNationalId from './eg-national-id.ts';
import esCif from './es-cif.ts';
import esDni from './es-dni.ts';
import esNie from './es-nie.ts';
import esNuss from './es-nuss.ts';
import fiHetu from './fi-hetu.ts';
import frNir from './fr-nir.ts';
import frSiren from './fr-siren.ts';
import frTaxNumber from './fr-tax-number.ts';
import gbNhsNumber from './gb-nhs-number.ts';
import gbNino from './gb-nino.ts';
import gbUtr from './gb-utr.ts';
import grAfm from './gr-afm.ts';
import grAmka from './gr-amka.ts';
import hkId from './hk-id.ts';
import hrOib from './hr-oib.ts';
import huTaj from './hu-taj.ts';
import huTaxId from './hu-tax-id.ts';
import idNik from './id-nik.ts';
import idNpwp from './id-npwp.ts';
import iePps from './ie-pps.ts';
import ilId from './il-id.ts';
import inAadhaar from './in-aadhaar.ts';
import inGstin from './in-gstin.ts';
import inPan from './in-pan.ts';
import irNationalCode from './ir-national-code.ts';
import isKennitala from './is-kennitala.ts';
import itCodiceFiscale from './it-codice-fiscale.ts';
import itPartitaIva from './it-partita-iva.ts';
import jpMyNumber from './jp-my-number.ts';
import krRrn from './kr-rrn.ts';
import kwCivilId from './kw-civil-id.ts';
import kzIin from './kz-iin.ts';
import ltAsmensKodas from './lt-asmens-kodas.ts';
import luId from './lu-id.ts';
import lvPersonasKods from './lv-personas-kods.ts';
import mtId from './mt-id.ts';
import mxCurp from './mx-curp.ts';
import mxNss from './mx-nss.ts';
import mxRfc from './mx-rfc.ts';
import myNric from './my-nric.ts';
import ngNin from './ng-nin.ts';
import nlBsn from './nl-bsn.ts';
import noFodselsnummer from './no-fodselsnummer.ts';
import nzIrd from './nz-ird.ts';
import peRuc from './pe-ruc.ts';
import pkCnic from './pk-cnic.ts';
import plIdCard from './pl-id-card.ts';
import plNip from './pl-nip.ts';
import plPesel from './pl-pesel.ts';
import ptNif from './pt-nif.ts';
import roCnp from './ro-cnp.ts';
import ruInn from './ru-inn.ts';
import ruSnils from './ru-snils.ts';
import saNationalId from './sa-national-id.ts';
import sePersonnummer from './se-personnummer.ts';
import sgNric from './sg-nric.ts';
import siEmso from './si-emso.ts';
import siTaxNumber from './si-tax-number.ts';
import thCitizenId from './th-citizen-id.ts';
import trTckn from './tr-tckn.ts';
import trVkn from './tr-vkn.ts';
import twNationalId from './tw-national-id.ts';
import uaRnokpp from './ua-rnokpp.ts';
import usEin from './us-ein.ts';
import usItin from './us-itin.ts';
import uyCedula from './uy-cedula.ts';
import veRif from './ve-rif.ts';
import vnCccd from './vn-cccd.ts';
import zaId from './za-id.ts';

/** Numbers that states give to people and companies. */
export const NATIONAL_IDS: readonly Detector[] = [
  aeEmiratesId,
  arCuit,
  atSvnr,
  atTaxNumber,
  auAbn,
  auMedicare,
  auTfn,
  beNationalNumber,
  bgEgn,
  brCnpj,
  brCpf,
  brPis,
  caSin,
  chAhv,
  chUid,
  clRut,
  cnResidentId,
  coNit,
  cyTic,
  czBirthNumber,
  deIdCard,
  deRvnr,
  deSteuerId,
  dkCpr,
  doCedula,
  ecCedula,
  eeIsikukood,
  egNationalId,
  esCif,
  esDni,
  esNie,
  esNuss,
  fiHetu,
  frNir,
  frSiren,
  frTaxNumber,
  gbNhsNumber,
  gbNino,
  gbUtr,
  grAfm,
  grAmka,
  hkId,
  hrOib,
  huTaj,
  huTaxId,
  idNik,
  idNpwp,
  iePps,
  ilId,
  inAadhaar,
  inGstin,
  inPan,
  irNationalCode,
  isKennitala,
  itCodiceFiscale,
  itPartitaIva,
  jpMyNumber,
  krRrn,
  kwCivilId,
  kzIin,
  ltAsmensKodas,
  luId,
  lvPersonasKods,
  mtId,
  mxCurp,
  mxNss,
  mxRfc,
  myNric,
  ngNin,
  nlBsn,
  noFodselsnummer,
  nzIrd,
  peRuc,
  pkCnic,
  plIdCard,
  plNip,
  plPesel,
  ptNif,
  roCnp,
  ruInn,
  ruSnils,
  saNationalId,
  sePersonnummer,
  sgNric,
  siEmso,
  siTaxNumber,
  thCitizenId,
  trTckn,
  trVkn,
  twNationalId,
  uaRnokpp,
  usEin,
  usItin,
  uyCedula,
  veRif,
  vnCccd,
  zaId,
];
