import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * A page of the extension: its script `dist/NAME.js`, its style `media/NAME.css`, and nothing from anywhere else.
 * Follows https://code.visualstudio.com/api/extension-guides/webview#content-security-policy
 */
export function pageHtml(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: string,
  title: string,
): string {
  const nonce = randomBytes(16).toString('hex');
  const address = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extension, ...path));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${address('media', `${name}.css`)}">
  <title>${escaped(title)}</title>
</head>
<body>
  <main id="map"></main>
  <script nonce="${nonce}" src="${address('dist', `${name}.js`)}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
