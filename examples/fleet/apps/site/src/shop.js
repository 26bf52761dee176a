// `settings` are those of the box: see config.js.
const { common, site } = settings;
document.querySelector('footer').textContent = `${site.footer} (${common.domain}, prices in ${common.currency})`;
