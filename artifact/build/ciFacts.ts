/** What the variables of a build server say of the commit that is built. */
export interface CiFacts {
  commit?: string;
  branch?: string;
  tag?: string;
  message?: string;
  buildNumber?: string;
  /** Where the build can be looked at. */
  url?: string;
}

/** The facts that Jenkins, GitHub and GitLab put into the environment; nothing elsewhere. */
export function ciFacts(env: NodeJS.ProcessEnv): CiFacts {
  const facts = {
    commit: first(env, 'GIT_COMMIT', 'GITHUB_SHA', 'CI_COMMIT_SHA'),
    branch: ciBranch(env),
    tag: first(env, 'TAG_NAME', 'CI_COMMIT_TAG') ?? gitHubRef(env, 'tag'),
    message: first(env, 'CI_COMMIT_TITLE'),
    buildNumber: first(env, 'BUILD_NUMBER', 'GITHUB_RUN_NUMBER', 'CI_PIPELINE_IID'),
    url: first(env, 'BUILD_URL', 'CI_JOB_URL') ?? gitHubRun(env),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** Jenkins writes `origin/master`; of a pull request its own branch counts, not the one it goes to. */
function ciBranch(env: NodeJS.ProcessEnv): string | undefined {
  const jenkins = first(env, 'CHANGE_BRANCH', 'GIT_LOCAL_BRANCH', 'GIT_BRANCH', 'BRANCH_NAME');
  const gitHub = first(env, 'GITHUB_HEAD_REF') ?? gitHubRef(env, 'branch');
  const gitLab = first(env, 'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_BRANCH');
  return jenkins?.replace(/^(refs\/heads|(refs\/remotes\/)?origin)\//, '') ?? gitHub ?? gitLab;
}

function gitHubRef(env: NodeJS.ProcessEnv, type: 'branch' | 'tag'): string | undefined {
  return env.GITHUB_REF_TYPE === type ? first(env, 'GITHUB_REF_NAME') : undefined;
}

function gitHubRun(env: NodeJS.ProcessEnv): string | undefined {
  const server = first(env, 'GITHUB_SERVER_URL');
  const repository = first(env, 'GITHUB_REPOSITORY');
  const run = first(env, 'GITHUB_RUN_ID');
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

function first(env: NodeJS.ProcessEnv, ...names: string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '');
}
