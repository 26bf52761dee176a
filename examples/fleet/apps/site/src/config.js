// The public settings of the box, put here by the deployment.
const settings = <%= config %>;
