#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "library/elf_format.hpp"
#include "library/preflight.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

using test_support::read_file;

constexpr const char* kCutOff = "The file is cut off: its headers name more than the ";

Result<Preflight> look(const std::string& bytes) {
   return preflight(std::as_bytes(std::span(bytes)), LibraryFormat::elf);
}

std::string summary_of(const std::string& bytes) {
   const auto result = look(bytes);
   return result ? "" : result.finding().summary;
}

std::string library(const char* name) { return read_file(std::string(MSP_TEST_PLUGINS) + "/" + name + ".so"); }

// A library as the linker made it, changed in one place.
class ElfBytes {
 public:
   explicit ElfBytes(std::string bytes) : bytes_(std::move(bytes)) {}

   template <class T>
   T get(std::uint64_t offset) const {
      T value;
      std::memcpy(&value, bytes_.data() + offset, sizeof value);
      return value;
   }
   template <class T>
   void put(std::uint64_t offset, const T& value) {
      std::memcpy(bytes_.data() + offset, &value, sizeof value);
   }
   void change_header(const std::function<void(elf::Header&)>& change) {
      auto header = get<elf::Header>(0);
      change(header);
      put(0, header);
   }
   void change_segments(const std::function<void(elf::Segment&)>& change) {
      const auto header = get<elf::Header>(0);
      for (std::uint64_t i = 0; i < header.segment_count; ++i) {
         const std::uint64_t offset = header.segments + i * sizeof(elf::Segment);
         auto segment = get<elf::Segment>(offset);
         change(segment);
         put(offset, segment);
      }
   }
   void change_dynamic(const std::function<void(elf::Dynamic&)>& change) {
      change_segments([&](elf::Segment& segment) {
         if (segment.type != elf::kSegmentDynamic) return;
         for (std::uint64_t at = 0; at < segment.file_size; at += sizeof(elf::Dynamic)) {
            auto entry = get<elf::Dynamic>(segment.offset + at);
            change(entry);
            put(segment.offset + at, entry);
         }
      });
   }
   void set_dynamic(std::int64_t tag, std::uint64_t value) {
      change_dynamic([&](elf::Dynamic& entry) {
         if (entry.tag == tag) entry.value = value;
      });
   }
   // Where a table of the first segment lies: there, address and offset are the same.
   std::uint64_t table(std::int64_t tag) {
      std::uint64_t address = 0;
      change_dynamic([&](elf::Dynamic& entry) {
         if (entry.tag == tag) address = entry.value;
      });
      return address;
   }
   template <class T>
   void change(std::uint64_t offset, const std::function<void(T&)>& change) {
      T value = get<T>(offset);
      change(value);
      put(offset, value);
   }
   [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
   std::string bytes_;
};

TEST(PreflightElf, a_plugin_gives_its_manifest_with_either_hash_table_and_stripped_of_everything) {
   ElfBytes stripped(library("variant_sound"));
   stripped.change_header([](elf::Header& header) { header.sections = header.section_count = 0; });
   for (const std::string& bytes : {library("variant_sound"), library("variant_old_hash"), stripped.bytes()}) {
      const auto result = look(bytes);
      ASSERT_TRUE(result) << result.finding().summary;
      EXPECT_EQ(result.value().manifest, read_file(MSP_TEST_VARIANT_MANIFEST));
   }
}

TEST(PreflightElf, every_defect_has_its_sentence) {
   struct Case {
      const char* what;
      std::function<void(ElfBytes&)> spoil;
      std::string wanted;
   };
   const auto header = [](const std::function<void(elf::Header&)>& change) {
      return [change](ElfBytes& file) { file.change_header(change); };
   };
   const auto segment = [](const std::function<void(elf::Segment&)>& change) {
      return [change](ElfBytes& file) { file.change_segments(change); };
   };
   const auto dynamic = [](const std::function<void(elf::Dynamic&)>& change) {
      return [change](ElfBytes& file) { file.change_dynamic(change); };
   };
   const std::string cut_off = kCutOff + std::to_string(library("variant_sound").size()) + " bytes that are there.";
   const std::string segments = "The file is damaged: its list of segments makes no sense.";
   const std::string dynamics = "The file is damaged: its dynamic section makes no sense.";
   const std::string elsewhere =
       "The library's dynamic section is not where the system's loader reads it, so other contents would be loaded "
       "than were checked.";
   const Case cases[] = {
       {"32-bit", header([](auto& h) { h.identity.file_class = 1; }),
        "The library is a 32-bit one; this console is 64-bit."},
       {"class 9", header([](auto& h) { h.identity.file_class = 9; }),
        "The file is damaged: its ELF header makes no sense."},
       {"version 2", header([](auto& h) { h.identity.version = 2; }),
        "The file is damaged: its ELF header makes no sense."},
       {"ARM64", header([](auto& h) { h.machine = elf::kMachineAarch64; }),
        "The library is for ARM64; this computer is x86-64."},
       {"32-bit ARM", header([](auto& h) { h.machine = elf::kMachineArm; }),
        "The library is for ARM; this computer is x86-64."},
       {"RISC-V", header([](auto& h) { h.machine = elf::kMachineRiscV; }),
        "The library is for RISC-V; this computer is x86-64."},
       {"big-endian", header([](auto& h) {
           h.identity.byte_order = elf::kBigEndian;
           h.machine = elf::kMachineS390 << 8U;
        }),
        "The library is for IBM Z; this computer is x86-64."},
       {"unknown machine", header([](auto& h) { h.machine = 0xBEEF; }),
        "The library is for another processor (ELF machine 48879); this computer is x86-64."},
       {"FreeBSD", header([](auto& h) { h.identity.system = 9; }),
        "The library is for another system; this console runs on Linux."},
       {"object file", header([](auto& h) { h.type = elf::kTypeObject; }),
        "The file is a compiler's intermediate file, not a library."},
       {"program", header([](auto& h) { h.type = elf::kTypeProgram; }), "The file is a program, not a library."},
       {"core dump", header([](auto& h) { h.type = 4; }), "The file is damaged: its ELF header makes no sense."},
       {"segment size", header([](auto& h) { h.segment_size = 1; }),
        "The file is damaged: its ELF header makes no sense."},
       {"segments far away", header([](auto& h) { h.segments = ~0ULL - 8; }), cut_off},
       {"segments beyond 2^64", header([](auto& h) {
           h.segments = ~0ULL;
           h.segment_count = 2;
        }),
        cut_off},
       {"no segments", header([](auto& h) { h.segment_count = 0; }), segments},
       {"sections far away", header([](auto& h) { h.sections = ~0ULL - 8; }), cut_off},
       {"segment beyond the end", segment([](auto& s) { s.file_size = s.memory_size = 1ULL << 40U; }), cut_off},
       {"more file than memory", segment([](auto& s) { s.memory_size = 0; }), segments},
       {"segment beyond 2^64", segment([](auto& s) { s.memory_size = ~0ULL; }), segments},
       {"segments on top of each other", segment([](auto& s) { s.address = 0; }), segments},
       {"no dynamic section", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.type = 0;
        }),
        segments},
       {"an interpreter", segment([](auto& s) {
           if (s.type != elf::kSegmentLoad && s.type != elf::kSegmentDynamic) s.type = elf::kSegmentInterpreter;
        }),
        "The file is a program, not a library."},
       {"two dynamic sections", segment([](auto& s) {
           if (s.type != elf::kSegmentLoad) s.type = elf::kSegmentDynamic;
        }),
        segments},
       {"dynamic section at another address", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.address += sizeof(elf::Dynamic);
        }),
        elsewhere},
       {"dynamic section at another offset", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.offset -= sizeof(elf::Dynamic);
        }),
        elsewhere},
       {"dynamic section at no address", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.address = 1ULL << 40U;
        }),
        elsewhere},
       {"dynamic section reaching beyond its segment", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.file_size += 0x800;
        }),
        elsewhere},
       {"dynamic section without an end", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.file_size = sizeof(elf::Dynamic);
        }),
        dynamics},
       {"no symbols", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicSymbols) d.tag = 1000;
        }),
        dynamics},
       {"symbols nowhere", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicSymbols) d.value = 1ULL << 40U;
        }),
        dynamics},
       {"strings nowhere", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicStrings) d.value = ~0ULL;
        }),
        dynamics},
       {"no hash", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicGnuHash || d.tag == elf::kDynamicHash) d.tag = 1000;
        }),
        dynamics},
       {"hash nowhere", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicGnuHash) d.value = 1ULL << 40U;
        }),
        dynamics},
       {"no strings", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicStringsSize) d.value = 0;
        }),
        "The library is not a plugin: it exports neither msp_plugin_manifest nor msp_plugin_entry."},
       {"all writable", segment([](auto& s) { s.flags |= elf::kSegmentWritable; }),
        "The library's msp_plugin_manifest is not constant data."},
       {"nothing executable", segment([](auto& s) { s.flags &= ~elf::kSegmentExecutable; }),
        "The library's msp_plugin_entry is not a function."},
   };
   for (const auto& [what, spoil, wanted] : cases) {
      ElfBytes file(library("variant_sound"));
      spoil(file);
      EXPECT_EQ(summary_of(file.bytes()), wanted) << what;
   }
}

// Whether the loader can load the library is seen when it does. What is followed here must lead somewhere, and mean one
// thing.
TEST(PreflightElf, what_is_followed_must_be_whole_and_in_one_place) {
   struct Case {
      const char* what;
      std::function<void(ElfBytes&)> spoil;
      std::string where;
   };
   const auto loaded = [](const std::function<void(elf::Segment&, int)>& change) {
      return [change](ElfBytes& file) {
         int number = 0;
         file.change_segments([&](elf::Segment& segment) {
            if (segment.type == elf::kSegmentLoad) change(segment, number++);
         });
      };
   };
   const auto gnu_hash = [](const std::function<void(elf::GnuHashHeader&)>& change) {
      return [=](ElfBytes& file) { file.change(file.table(elf::kDynamicGnuHash), change); };
   };
   const Case cases[] = {
       {"segments in one page", loaded([](auto& s, int number) {
           if (number == 0) s.memory_size = s.file_size = 0x1000;
           if (number == 1) s.address = s.offset = 0xFFF;
        }),
        "list of segments"},
       {"memory reaching into the next segment's page", loaded([](auto& s, int number) {
           if (number == 0) s.memory_size = 0x1001;
        }),
        "list of segments"},
       {"bytes of another place in their page", loaded([](auto& s, int number) {
           if (number == 1) s.offset += 8;
        }),
        "list of segments"},
       {"a needed library without a name", [](ElfBytes& file) { file.set_dynamic(elf::kDynamicNeeded, 1ULL << 40U); },
        "table of names"},
       {"a last name without an end",
        [](ElfBytes& file) { file.set_dynamic(elf::kDynamicStringsSize, file.table(elf::kDynamicStringsSize) - 1); },
        "table of names"},
       {"a hash table without an end", gnu_hash([](auto& table) { table.bucket_count = 0x1000'0000; }),
        "dynamic section"},
       {"a hash table that begins before its names", gnu_hash([](auto& table) { table.first_symbol = 0x7FFF'FFFF; }),
        "table of names"},
   };
   for (const auto& [what, spoil, where] : cases) {
      ElfBytes file(library("variant_sound"));
      spoil(file);
      EXPECT_EQ(summary_of(file.bytes()), "The file is damaged: its " + where + " makes no sense.") << what;
   }
}

TEST(PreflightElf, what_brings_other_code_along_is_refused) {
   struct Case {
      const char *name, *what;
   };
   const Case cases[] = {
       {"variant_runs_here", "it has libraries searched in \".\", which is no fixed directory of this computer"},
       {"variant_runs_beside",
        "it has libraries searched in \"$ORIGIN\", which is no fixed directory of this computer"},
       {"variant_watched", "its dynamic section asks for another library to watch or replace it"},
       {"variant_filtered", "its dynamic section asks for another library to watch or replace it"},
       {"variant_auxiliary", "its dynamic section asks for another library to watch or replace it"},
   };
   for (const auto& [name, what] : cases) {
      EXPECT_EQ(summary_of(library(name)),
                "The library would bring along code that nobody approved: " + std::string(what) + ".")
          << name;
   }
   for (const char* place : {"/proc/self/cwd", "//proc//self/cwd", "/./proc/1/root", "/dev/fd/0", "/proc"}) {
      std::string bytes = library("variant_runs_elsewhere");
      const std::string given = "/opt/vendor/lib:/srv/lib";
      const std::size_t at = bytes.find(given);
      ASSERT_NE(at, std::string::npos);
      bytes.replace(at, given.size(), std::string(place) + std::string(given.size() - std::strlen(place), '\0'));
      EXPECT_EQ(summary_of(bytes),
                "The library would bring along code that nobody approved: it has libraries searched in \"" +
                    std::string(place) + "\", which is no fixed directory of this computer.");
   }
   // The names of libraries, each written over the one that the linker wrote, libc.so.6.
   for (const char* needed : {"./c.so.6", "lib/c.so", "/lib.so.", "$ORIGIN."}) {
      std::string bytes = library("variant_sound");
      for (std::size_t at = 0; (at = bytes.find("libc.so.6", at)) != std::string::npos;) {
         bytes.replace(at, 8, needed);
      }
      EXPECT_EQ(summary_of(bytes).find("The library would bring along code that nobody approved: it names the library"),
                0U)
          << needed << ": " << summary_of(bytes);
   }
}

TEST(PreflightElf, what_is_loaded_along_is_listed) {
   const std::string bytes = library("variant_runs_elsewhere");
   const auto result = look(bytes);
   ASSERT_TRUE(result) << result.finding().summary;
   EXPECT_EQ(result.value().places, (std::vector<std::string>{"/opt/vendor/lib", "/srv/lib"}));
   EXPECT_NE(std::ranges::find(result.value().libraries, "libc.so.6"), result.value().libraries.end());
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
TEST(PreflightElf, a_plugin_that_needs_a_sanitizers_runtime_is_refused_before_it_ends_the_console) {
   for (const auto& [runtime, name] :
        {std::pair{"libasan.", "AddressSanitizer"}, std::pair{"libtsan.", "ThreadSanitizer"},
         std::pair{"liblsan.", "LeakSanitizer"}}) {
      std::string bytes = library("variant_sound");
      for (std::size_t at = 0; (at = bytes.find("libc.so.6", at)) != std::string::npos;) bytes.replace(at, 8, runtime);
      EXPECT_EQ(summary_of(bytes), "The plugin was built with " + std::string(name) +
                                       " for its author's tests; loading it would end this console, which was not.");
   }
}
#endif

// A segment whose tables the loader reads must be readable.
TEST(PreflightElf, what_the_loader_reads_must_be_readable) {
   for (int number = 0; number < 4; ++number) {
      ElfBytes file(library("variant_sound"));
      int seen = 0;
      file.change_segments([&](elf::Segment& segment) {
         if (segment.type == elf::kSegmentLoad && seen++ == number) segment.flags &= ~elf::kSegmentReadable;
      });
      if (number == 1) continue;  // the code, which is only run
      EXPECT_NE(summary_of(file.bytes()), "") << "segment " << number;
   }
}

// 64 segments are looked at; one more is no library that a linker made, and each costs a look for every address.
TEST(PreflightElf, more_segments_than_any_linker_makes_are_refused) {
   for (const std::size_t more : {std::size_t{60}, std::size_t{61}, std::size_t{65'000}}) {
      std::string bytes = library("variant_sound");
      elf::Header header;
      std::memcpy(&header, bytes.data(), sizeof header);
      std::vector<elf::Segment> segments(header.segment_count);
      std::memcpy(segments.data(), bytes.data() + header.segments, segments.size() * sizeof(elf::Segment));
      const auto loaded = std::ranges::count(segments, elf::kSegmentLoad, &elf::Segment::type);
      ASSERT_EQ(loaded, 4);
      std::uint64_t end = 0;
      for (const elf::Segment& segment : segments) end = std::max(end, segment.address + segment.memory_size);
      for (std::size_t i = 0; i < more; ++i) {
         elf::Segment segment{};
         segment.type = elf::kSegmentLoad;
         segment.flags = elf::kSegmentReadable;
         segment.address = (end / 0x1000 + 1 + i) * 0x1000;
         segment.memory_size = 8;
         segments.push_back(segment);
      }
      bytes.resize((bytes.size() + 7) / 8 * 8);
      header.segments = bytes.size();
      header.segment_count = static_cast<std::uint16_t>(segments.size());
      std::memcpy(bytes.data(), &header, sizeof header);
      bytes.append(reinterpret_cast<const char*>(segments.data()), segments.size() * sizeof(elf::Segment));
      EXPECT_EQ(summary_of(bytes), more == 60 ? "" : "The file is damaged: its list of segments makes no sense.")
          << more;
   }
}

// A circle in the older hash table's chain must not keep us for ever.
TEST(PreflightElf, a_hash_chain_without_end_is_left) {
   ElfBytes file(library("variant_old_hash"));
   std::uint64_t hash = 0;
   file.change_dynamic([&](elf::Dynamic& entry) {
      if (entry.tag == elf::kDynamicHash) hash = entry.value;  // in the first segment: address and offset are the same
   });
   ASSERT_NE(hash, 0U);
   const auto table = file.get<elf::HashHeader>(hash);
   for (std::uint64_t i = 0; i < table.bucket_count + table.chain_count; ++i) {
      file.put(hash + sizeof table + i * 4, std::uint32_t{1});
   }
   EXPECT_EQ(summary_of(file.bytes()), "The file is damaged: its table of names makes no sense.");
}

}  // namespace
}  // namespace msp::host
