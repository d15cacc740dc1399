// Layout and lint of all JavaScript here: `tests/browser/run --lint` checks, `tests/browser/run --lint --fix` formats.
import js from '@eslint/js';
import stylistic from '@stylistic/eslint-plugin';
import globals from 'globals';

const layout = {
  '@stylistic/array-bracket-spacing': 'error',
  '@stylistic/arrow-parens': 'error',
  '@stylistic/arrow-spacing': 'error',
  '@stylistic/block-spacing': 'error',
  '@stylistic/brace-style': ['error', '1tbs', {allowSingleLine: true}],
  '@stylistic/comma-dangle': ['error', {arrays: 'only-multiline', objects: 'only-multiline'}],
  '@stylistic/comma-spacing': 'error',
  '@stylistic/comma-style': 'error',
  '@stylistic/computed-property-spacing': 'error',
  '@stylistic/dot-location': ['error', 'property'],
  '@stylistic/eol-last': 'error',
  '@stylistic/function-call-spacing': 'error',
  '@stylistic/key-spacing': 'error',
  '@stylistic/keyword-spacing': 'error',
  '@stylistic/linebreak-style': 'error',
  '@stylistic/lines-between-class-members': ['error', 'always', {exceptAfterSingleLine: true}],
  '@stylistic/max-len': ['error', {code: 140}],
  '@stylistic/max-statements-per-line': ['error', {max: 2}],
  '@stylistic/new-parens': 'error',
  '@stylistic/no-extra-semi': 'error',
  '@stylistic/no-floating-decimal': 'error',
  '@stylistic/no-multi-spaces': ['error', {ignoreEOLComments: true}],
  '@stylistic/no-multiple-empty-lines': ['error', {max: 1, maxBOF: 0, maxEOF: 0}],
  '@stylistic/no-tabs': 'error',
  '@stylistic/no-trailing-spaces': 'error',
  '@stylistic/no-whitespace-before-property': 'error',
  '@stylistic/object-curly-newline': ['error', {consistent: true}],
  '@stylistic/object-curly-spacing': 'error',
  '@stylistic/operator-linebreak': ['error', 'before', {overrides: {'=': 'after'}}],
  '@stylistic/padded-blocks': ['error', 'never'],
  '@stylistic/quote-props': ['error', 'as-needed'],
  '@stylistic/quotes': ['error', 'single', {avoidEscape: true}],
  '@stylistic/rest-spread-spacing': 'error',
  '@stylistic/semi': 'error',
  '@stylistic/semi-spacing': 'error',
  '@stylistic/space-before-blocks': 'error',
  '@stylistic/space-before-function-paren': ['error', {anonymous: 'always', named: 'never', asyncArrow: 'always'}],
  '@stylistic/space-in-parens': 'error',
  '@stylistic/space-infix-ops': 'error',
  '@stylistic/space-unary-ops': 'error',
  '@stylistic/spaced-comment': 'error',
  '@stylistic/switch-colon-spacing': 'error',
  '@stylistic/template-curly-spacing': 'error',
  '@stylistic/indent': ['error', 2, {
    CallExpression: {arguments: 2}, MemberExpression: 2, SwitchCase: 1, ignoredNodes: ['ConditionalExpression'],
  }],
};

// Texts of plugins and platforms never become markup.
const kMarkup = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'createContextualFragment']
    .map((property) => ({property, message: 'Use h() of dom.js: it makes text nodes.'}));

// What was typed stays in the page's memory.
const kStorage = ['localStorage', 'sessionStorage', 'indexedDB', 'caches']
    .map((name) => ({name, message: 'The page stores nothing but its token, in api.js.'}));

const kWait = 'A test waits for an event: see until() in support.js.';

export default [
  js.configs.recommended,
  {
    plugins: {'@stylistic': stylistic},
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    rules: {
      ...layout,
      'array-callback-return': 'error',
      curly: ['error', 'multi-line'],
      'default-case-last': 'error',
      eqeqeq: 'error',
      'no-constructor-return': 'error',
      'no-else-return': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-return-assign': 'error',
      'no-self-compare': 'error',
      'no-sequences': 'error',
      'no-shadow': 'error',
      'no-template-curly-in-string': 'error',
      'no-throw-literal': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unneeded-ternary': 'error',
      'no-unreachable-loop': 'error',
      'no-unused-expressions': 'error',
      'no-use-before-define': ['error', {functions: false, variables: false}],
      'no-useless-concat': 'error',
      'no-useless-rename': 'error',
      'no-useless-return': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-arrow-callback': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
      'require-await': 'error',
    },
  },
  {
    files: ['host_stub/web/page/**/*.js'],
    languageOptions: {globals: globals.browser},
    rules: {'no-restricted-properties': ['error', ...kMarkup], 'no-restricted-globals': ['error', ...kStorage]},
  },
  {
    files: ['host_stub/web/page/api.js'],  // keeps the half of the session that is no secret by itself
    rules: {'no-restricted-globals': 'off'},
  },
  {
    files: ['tests/browser/**/*.js'],
    languageOptions: {globals: {...globals.node, ...globals.browser}},
    rules: {
      'no-restricted-syntax': ['error', {selector: 'CallExpression[callee.name="setTimeout"][arguments.length>1]', message: kWait}],
      'no-restricted-properties': ['error', {property: 'waitForTimeout', message: kWait}],
    },
  },
  {
    files: ['tests/browser/support.js'],  // until() looks again and again
    rules: {'no-restricted-syntax': 'off'},
  },
];
