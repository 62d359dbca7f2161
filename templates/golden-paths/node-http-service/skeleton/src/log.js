import { logs, SeverityNumber } from '@opentelemetry/api-logs';

/** @typedef {Record<string, string | number | boolean>} Attributes */

/**
 * A JSON line on standard output, and the same record by OTLP when telemetry is on.
 * @param {'INFO' | 'WARN' | 'ERROR'} severity
 * @param {string} message
 * @param {Attributes} [attributes]
 */
export function log(severity, message, attributes = {}) {
  console.log(JSON.stringify({ time: new Date().toISOString(), severity, message, ...attributes }));
  logs.getLogger('app').emit({ severityNumber: SeverityNumber[severity], severityText: severity, body: message, attributes });
}
