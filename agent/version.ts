/** Put in place of the name by the bundler (scripts/build.mjs). */
declare const STRATA_VERSION: string;

/** The version of the package. */
export const version: string = STRATA_VERSION;
