#include <CLI/App.hpp>

#include "cli/context.hpp"
#include "store/finding_error.hpp"
#include "words/secrets_document.hpp"

namespace msp::console {
namespace {

std::string secrets(std::size_t count) { return std::to_string(count) + (count == 1 ? " secret" : " secrets"); }

// One line with a sign, and what to do about it.
std::string line(Tone tone, const std::string& text, const std::string& remedy, const Style& style) {
   std::string result = wrapped(one_line(text, 2000), 2, style.width, style.painted_sign(tone) + " ");
   if (!remedy.empty()) result += wrapped("What to do: " + one_line(remedy, 2000), 2, style.width);
   return result;
}

std::string verdict(const SecretsStatus& status, const Style& style) {
   if (status.problem) return line(Tone::bad, status.problem->summary, status.problem->remedy, style);
   if (status.secrets == 0) return line(Tone::dim, "No secret is saved yet.", "", style);
   if (status.unreadable == 0) {
      return line(Tone::good,
                  status.secrets == 1 ? "The saved secret opens." : "All " + secrets(status.secrets) + " open.", "",
                  style);
   }
   return line(Tone::bad,
               std::to_string(status.unreadable) + " of " + secrets(status.secrets) +
                   (status.unreadable == 1 ? " does" : " do") + " not open.",
               "\"msp-console integration list\" says which integrations need attention, and \"msp-console integration "
               "show NAME\" why.",
               style);
}

std::string description(const SecretsStatus& status, const Style& style) {
   std::vector<std::vector<Cell>> rows;
   const auto row = [&](const char* what, const std::string& value) { rows.push_back({{what, Tone::dim}, {value}}); };
   if (status.key) {
      row("Key", (status.key->from == KeyEncryptionKey::From::credential ? "systemd credential " : "file ") +
                     one_line(status.key->path.string(), 1000));
      row("Fingerprint", status.key->fingerprint);
   } else {
      row("Key", status.problem       ? "cannot be used"
                 : status.secrets > 0 ? "missing"
                                      : "none yet; it is made when the first plugin is enabled");
   }
   row("Data keys", std::to_string(status.data_keys));
   row("Secrets", std::to_string(status.secrets));
   row("Do not open", std::to_string(status.unreadable));
   std::string text = table(rows, 2, style);
   if (status.rotation_interrupted) {
      text += line(Tone::caution, "A rotation of the keys was interrupted; nothing is lost.",
                   "Finish it with \"msp-console secrets rotate\".", style);
   }
   if (status.first_format > 0) {
      text += line(Tone::caution,
                   secrets(status.first_format) + (status.first_format == 1 ? " was" : " were") +
                       " sealed by an earlier console, which did not bind them to the address they are sent to.",
                   "Seal them for that address with \"msp-console secrets rotate\".", style);
   }
   if (status.unneeded_key_file) {
      text += line(Tone::caution, "The key file " + status.unneeded_key_file->string() + " opens nothing any more.",
                   "Delete it once no backup of the database needs it.", style);
   }
   return text;
}

ExitCode code(const SecretsStatus& status) {
   return status.problem || status.unreadable > 0 ? ExitCode::store_unreadable : ExitCode::accepted;
}

ExitCode status(Context& context) {
   const SecretsStatus found = context.console.vault().status();
   if (context.options.json) {
      context.output.document(secrets_document(found));
   } else {
      const Style& style = context.output.style();
      context.output.result(verdict(found, style) + description(found, style));
   }
   return code(found);
}

ExitCode rotate(Context& context) {
   const auto rotation = context.console.vault().rotate();
   if (!rotation) throw FindingError(rotation.finding());
   const SecretsStatus now = context.console.vault().status();
   if (context.options.json) {
      context.output.document(secrets_document(now, rotation.value()));
      return ExitCode::accepted;
   }
   const Style& style = context.output.style();
   const Rotation& done = rotation.value();
   std::string text =
       line(Tone::good,
            "Rotated: " + secrets(done.resealed) + (done.resealed == 1 ? " is" : " are") +
                " sealed with the new keys." + (done.new_key_encryption_key ? " The key file holds a new key." : ""),
            done.new_key_encryption_key
                ? "Back up the database and the key file now; backups made before need the former key file."
                : "",
            style);
   if (!done.new_key_encryption_key) {
      text += line(Tone::dim,
                   "The key-encryption key is a systemd credential, which stayed: only its administrator replaces it.",
                   "", style);
   }
   if (now.unreadable > 0) text += verdict(now, style);
   context.output.result(text + description(now, style));
   return ExitCode::accepted;
}

}  // namespace

void add_secrets_commands(CLI::App& app, Command& chosen) {
   CLI::App* secrets = app.add_subcommand("secrets", "The keys that seal the saved secrets");
   secrets->require_subcommand(1);
   secrets->fallthrough();
   secrets->add_subcommand("status", "Where the key comes from, and whether every saved secret opens")
       ->fallthrough()
       ->callback([&chosen] { chosen = status; });
   secrets
       ->add_subcommand("rotate",
                        "Make new keys and seal every saved secret with them; finishes an interrupted rotation")
       ->fallthrough()
       ->callback([&chosen] { chosen = rotate; });
}

}  // namespace msp::console
