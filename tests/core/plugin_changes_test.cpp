#include "core/plugin_changes.hpp"

#include <gtest/gtest.h>

using namespace msp;
using console::PluginChange;

namespace {

host::Manifest approved() {
   host::Manifest manifest;
   manifest.version = "1.0.0";
   manifest.vendor = "Example";
   manifest.hosts = {"api.example.com"};
   manifest.permissions.emplace_back().entity = "Tickets";
   manifest.permissions.back().operation = "query";
   manifest.fields.emplace_back().id = "server";
   manifest.fields.back().label = "Server";
   return manifest;
}

std::string told(const std::vector<PluginChange>& changes) {
   std::string text;
   for (const PluginChange& change : changes) text += (change.more ? "! " : "- ") + change.text + "\n";
   return text;
}

TEST(PluginChanges, none_when_only_the_code_differs) { EXPECT_EQ(told(console::changes(approved(), approved())), ""); }

TEST(PluginChanges, who_made_it_and_every_host_right_and_field_are_told) {
   host::Manifest now = approved();
   now.version = "2.0.0";
   now.vendor = "Somebody else";
   now.hosts = {"collector.example.net"};
   now.hosts_from = {"server"};
   now.permissions.emplace_back().entity = "Tickets";
   now.permissions.back().operation = "update";
   now.fields.emplace_back().label = "Second password";
   now.fields.back().kind = host::FieldKind::secret;
   EXPECT_EQ(told(console::changes(approved(), now)),
             "- Version 1.0.0 becomes 2.0.0\n"
             "! Vendor Example becomes Somebody else\n"
             "! New host: collector.example.net\n"
             "! New host: the address entered as \"Server\"\n"
             "- No longer a host: api.example.com\n"
             "! New permission: Tickets – update, required\n"
             "! New field: Second password, secret\n");
}

TEST(PluginChanges, a_field_that_has_another_name_keeps_what_is_saved) {
   host::Manifest now = approved();
   now.fields[0].id = "address";
   now.fields[0].label = "Address";
   now.fields[0].was = {"host", "server"};
   EXPECT_EQ(told(console::changes(approved(), now)),
             "! New field: Address\n- No longer a field: Server\n- What is saved as Server is taken for Address\n");
}

TEST(PluginChanges, a_permission_that_becomes_required_is_more) {
   host::Manifest before = approved();
   before.permissions[0].need = host::Need::optional;
   EXPECT_EQ(told(console::changes(before, approved())),
             "! New permission: Tickets – query, required\n- No longer a permission: Tickets – query, optional\n");
}

TEST(PluginChanges, a_permission_that_no_longer_depends_on_a_choice_is_more) {
   host::Manifest before = approved();
   before.fields.emplace_back().id = "billing";
   before.fields.back().label = "Billing";
   before.fields.back().kind = host::FieldKind::boolean;
   host::Manifest now = before;
   before.permissions[0].when = {{"billing", {"true"}}};
   EXPECT_EQ(told(console::changes(before, now)),
             "! New permission: Tickets – query, required\n"
             "- No longer a permission: Tickets – query, required, only when \"Billing\" is chosen\n");
}

}  // namespace
