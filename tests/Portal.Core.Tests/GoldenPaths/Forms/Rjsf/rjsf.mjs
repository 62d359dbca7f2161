// Answers, for each case on standard input, what react-jsonschema-form does with it.
import utils from '@rjsf/utils';
import ajv from '@rjsf/validator-ajv8';

const validator = ajv.default ?? ajv;
const behaviour = { allOf: 'populateDefaults' }; // as Backstage sets it

let input = '';
for await (const chunk of process.stdin) {
  input += chunk;
}

console.warn = () => {};
// The form does this with each change, so that a default can bring in the next field.
function fill(schema, values) {
  for (let round = 0; round < 5; round++) {
    values = utils.getDefaultFormState(validator, schema, values, schema, false, behaviour);
  }
  return values;
}

const answers = JSON.parse(input).map(({ schema, values }) => ({
  fields: Object.keys(utils.retrieveSchema(validator, schema, schema, values).properties ?? {}),
  defaults: fill(schema, values),
  valid: validator.validateFormData(values, schema).errors.length === 0,
}));
process.stdout.write(JSON.stringify(answers));
