// The sheet that an MSP hands to whoever administers the platform; made to be printed.
import {get} from '/api.js';
import {button, documentation, h, link, table, their, written} from '/dom.js';

const kNeeds = [['required', 'Required permissions'], ['optional', 'Optional permissions']];

const condition = ({only_when: text}) => text ? [' (', their(text), ')'] : null;

export default async function requirements({plugin: id}, signal) {
  const plugin = await get(`plugins/${id}`, signal);
  const rows = (need) => plugin.permissions.filter((permission) => permission.need === need);
  const theirs = written(plugin);
  const handOver = plugin.fields.filter((field) => !field.supplied);
  return {
    title: `Requirements of ${plugin.name}`, section: 'plugins',
    content: h('article', {class: 'sheet panel'},
        h('p', {class: 'eyebrow'}, 'For the administrator of ', their(plugin.name)),
        h('h1', {}, 'What the integration with ', their(plugin.name), ' needs'),
        h('div', {class: 'actions no-print'}, button('Print', () => window.print(), {class: 'primary'}),
            link('#/plugins', 'Back to the plugins', {class: 'button quiet'})),
        h('p', {class: 'fine'}, `Console: msp-console. Date: ${new Date().toLocaleDateString('sv')}.`),
        h('p', {}, 'Please set this up, then send us the items under “To hand over” through a secure channel.'),
        plugin.prerequisites.length > 0 ? [h('h2', {}, 'Beforehand'),
          h('ol', {class: 'tick'}, plugin.prerequisites.map((sentence) => h('li', theirs, sentence)))] : null,
        plugin.permissions.length > 0 ? h('h2', {}, 'Permissions') : null,
        plugin.grant_preamble ? h('p', theirs, plugin.grant_preamble) : null,
        kNeeds.map(([need, title]) => rows(need).length === 0 ? null : [h('h3', {}, title),
          table(title, ['Permission', 'Used for', 'How to grant it'], rows(need).map((permission) => [
            [their(permission.entity), ' – ', their(permission.operation)],
            [h('bdi', theirs, permission.used_for ?? ''), condition(permission),
              permission.verifiable ? null : h('span', {class: 'fine'}, 'Cannot be verified by the console.')],
            [h('bdi', theirs, permission.own_remedy ?? ''), ' ', documentation(permission.doc_url)]]))]),
        handOver.length > 0 ? [h('h2', {}, 'To hand over'), h('ul', {class: 'hand-over tick'}, handOver.map((field) => h('li', {},
            h('strong', {}, h('bdi', theirs, field.label)), field.required ? null : ' (optional)',
            field.kind === 'secret' ? ' (secret)' : null,
            condition(field),
            field.help ? [': ', h('bdi', theirs, field.help)] : null, ' ', documentation(field.doc_url))))] : null,
        h('h2', {}, 'Network'),
        h('p', {}, 'The console opens HTTPS connections to these hosts and to no others:'),
        h('ul', {}, plugin.hosts.map((host) => h('li', {}, h('code', {}, host))),
            plugin.hosts_from.map(({label}) => h('li', {}, 'the address entered as “', their(label), '”'))),
        h('p', {class: 'fine'},
            `${plugin.name} ${plugin.version} by ${plugin.vendor}. A check reads only; it changes nothing on the platform.`)),
  };
}
