#include "msp/sdk/xml.hpp"

#include <gtest/gtest.h>

namespace {

using namespace msp::sdk;

TEST(SdkXml, the_text_of_an_element_is_found_whatever_surrounds_it) {
   for (const char* xml :
        {"<ID>a1</ID>", "<s:ID xmlns:s=\"urn:x\">a1</s:ID>", "<?xml version=\"1.0\"?>\n<a><b/><c><ID >a1</ID ></c></a>",
         "<a x='<ID>no</ID>'><ID>a1</ID></a>", "<!-- <ID>no</ID> --><ID>a1</ID>", "<![CDATA[<ID>no</ID>]]><ID>a1</ID>",
         "<IDs>no</IDs><NoID>no</NoID><ID>a1</ID><ID>second</ID>", "<ID a=\"/\">a1</ID>", "<ID>&#97;&#x31;</ID>"}) {
      EXPECT_EQ(xml_text(xml, "ID"), "a1") << xml;
   }
   EXPECT_EQ(xml_text("<ID/>", "ID"), "");
   EXPECT_EQ(xml_text("<ID />", "ID"), "");
   EXPECT_EQ(xml_text("<ID></ID>", "ID"), "");
   EXPECT_EQ(xml_text("<ID>&lt;&amp;amp;&gt;&quot;&apos;&#xFC;&#8364;&#x1F600;</ID>", "ID"),
             "<&amp;>\"'\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(SdkXml, what_is_not_there_or_not_to_be_trusted_is_nothing) {
   for (const char* xml : {"",
                           "<",
                           "<ID",
                           "<ID>",
                           "<ID>a1",
                           "<ID>a1<",
                           "<ID>a1</",
                           "<ID>a1</Other>",
                           "<ID>a1</IDs>",
                           "<IDs>a1</ID>",
                           "<id>a1</id>",
                           "<ID><b>a1</b></ID>",
                           "<ID a=\">a1</ID>",
                           "<!DOCTYPE x [<!ENTITY a \"b\">]><ID>a1</ID>",
                           "<ID>&a;</ID>",
                           "<ID>&amp</ID>",
                           "<ID>&;</ID>",
                           "<ID>&#;</ID>",
                           "<ID>&#x;</ID>",
                           "<ID>&#0;</ID>",
                           "<ID>&#xD800;</ID>",
                           "<ID>&#x110000;</ID>",
                           "<ID>&#99999999;</ID>",
                           "<ID>&#1a;</ID>",
                           "<!-- <ID>a1</ID>",
                           "a page",
                           "{\"ID\":\"a1\"}"}) {
      EXPECT_EQ(xml_text(xml, "ID"), std::nullopt) << xml;
   }
}

}  // namespace
