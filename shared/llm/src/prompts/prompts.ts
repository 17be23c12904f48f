// Without the index of the package, which loads LangChain for a second: prompts are checked before anything is started.
export { dataConvention } from './as-data.ts';
export { loadPrompts, type Prompt } from './load-prompts.ts';
export { messagesOf } from './messages-of.ts';
export { type PromptForm, type PromptRole, promptForms, type ValuesOf } from './prompt-forms.ts';
