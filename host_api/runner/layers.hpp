// layers.hpp - which layers confine this process, as they come into force.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "isolation/messages.hpp"

namespace msp::runner {

class Layers {
 public:
   void active(std::string name, std::string detail = {}) { add(std::move(name), true, std::move(detail)); }
   void absent(std::string name, std::string reason) { add(std::move(name), false, std::move(reason)); }

   // Their texts live as long as this object.
   [[nodiscard]] std::vector<isolation::LayerMessage> messages() const {
      std::vector<isolation::LayerMessage> messages;
      for (const Layer& layer : layers_) messages.push_back({layer.name, layer.active, layer.detail});
      return messages;
   }

 private:
   struct Layer {
      std::string name;
      bool active = false;
      std::string detail;
   };
   void add(std::string name, bool active, std::string detail) {
      layers_.push_back({std::move(name), active, std::move(detail)});
   }

   std::list<Layer> layers_;
};

}  // namespace msp::runner
