// list_table.hpp - a list with one line a row, as wide as the terminal.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"

namespace msp::console {

// Where there is no room, the columns with the greatest `rank` are left out first; those of rank 0 always stay. A text
// that is wider than its column is cut, but to no fewer than `least` columns; 0: the text is never cut.
struct ListColumn {
   std::string head;
   int rank = 0;
   std::size_t least = 0;
};

// With `wide` all columns in full, however wide the terminal is.
std::string list_table(const std::vector<ListColumn>& columns, const std::vector<std::vector<Cell>>& rows, bool wide,
                       const Style& style);

}  // namespace msp::console
