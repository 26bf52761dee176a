import path from 'node:path';

/** Where the things of an app are, below the root. */
export interface AppPlaces {
  folder: string;
  /** Releases, a folder each. */
  versions: string;
  /** Staging folders, one a deployment. */
  unpack: string;
  /** The link to the release that is live. */
  live: string;
  /** The link to the one that was live before. */
  previous: string;
  /** Virtualenvs and node modules that releases share. */
  virtualenvs: string;
  modules: string;
  /** Files of releases that stay reachable for a while, and when they were last needed. */
  assets: string;
  assetList: string;
}

/** @param app a name that has been checked. */
export function appPlaces(root: string, app: string): AppPlaces {
  const folder = path.join(root, app);
  const versions = path.join(folder, 'versions');
  return {
    folder,
    versions,
    unpack: path.join(versions, 'unpack'),
    live: path.join(folder, 'live'),
    previous: path.join(folder, 'previous'),
    virtualenvs: path.join(folder, 'virtualenvs'),
    modules: path.join(folder, 'modules'),
    assets: path.join(folder, 'assets'),
    assetList: path.join(folder, '.assets.json'),
  };
}
