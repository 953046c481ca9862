// What JavaScript of the house is checked for: the recommended rules, where each script runs.
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['static/dist/', 'var/', '.venv/'] },
  js.configs.recommended,
  // What is left of a thing without a part of it: the part has a name, and no use.
  { rules: { 'no-unused-vars': ['error', { ignoreRestSiblings: true }] } },
  { files: ['static/src/**'], languageOptions: { globals: globals.browser } },
  { files: ['static/src/*.js'], languageOptions: { globals: { BOOTSTRAP_ITALIA_VERSION: false, STYLES: false } } },
  { files: ['bin/**', '*.js'], languageOptions: { globals: globals.node } },
];
