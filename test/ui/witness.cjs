// Runs in VS Code, as an extension of the tests: tells in the status bar whether Strata is active.
const vscode = require('vscode');

exports.activate = () => {
  const item = vscode.window.createStatusBarItem('witness', vscode.StatusBarAlignment.Left);
  const tell = (/** @type {string} */ what) => {
    const isActive = vscode.extensions.getExtension('strata.strata')?.isActive;
    item.text = `witness: ${what}, Strata is ${isActive ? '' : 'not '}active`;
    item.show();
  };
  vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (editor !== undefined) tell(`shows ${editor.document.fileName.split('/').at(-1)}`);
  });
  tell('started');
};
