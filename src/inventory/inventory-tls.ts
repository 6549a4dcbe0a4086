/** What the inventory's addresses show and ask for. PEM. */
export interface InventoryTls {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** Clients need a certificate that this CA signed. Default: they need none. */
  readonly clientCa?: string | Buffer | undefined;
}
