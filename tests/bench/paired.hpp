// paired.hpp - two ways of doing the same, measured in turn, so that a drifting machine slows both alike.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace msp::bench {

inline double median(std::vector<double> values) {
   const auto middle = values.begin() + static_cast<long>(values.size() / 2);
   std::nth_element(values.begin(), middle, values.end());
   return *middle;
}

template <class Function>
double seconds(Function&& function) {
   const auto start = std::chrono::steady_clock::now();
   function();
   return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Runs `ours` and `theirs` in turn. Reports the median of the pairwise ratios and both medians in milliseconds; the
// benchmark's own time is that of `ours`, and `extra_ms` the median of the differences.
template <class Ours, class Theirs>
void run_paired(benchmark::State& state, Ours&& ours, Theirs&& theirs) {
   std::vector<double> ours_s;
   std::vector<double> theirs_s;
   std::vector<double> ratios;
   std::vector<double> extra_s;
   for (auto _ : state) {
      theirs_s.push_back(seconds(theirs));
      ours_s.push_back(seconds(ours));
      ratios.push_back(ours_s.back() / theirs_s.back());
      extra_s.push_back(ours_s.back() - theirs_s.back());
      state.SetIterationTime(ours_s.back());
   }
   state.counters["ratio"] = median(ratios);
   state.counters["ours_ms"] = median(ours_s) * 1e3;
   state.counters["theirs_ms"] = median(theirs_s) * 1e3;
   state.counters["extra_ms"] = median(extra_s) * 1e3;
}

}  // namespace msp::bench
