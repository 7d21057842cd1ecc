import DeepLearning
import Timing

// One layer over 64 steps of 32 sequences, 128 features in and 128 units: forward, backward and a step of Adam.
manualSeed(0)
let x = Tensor.randn(64, 32, 128)

func measure(_ name: String, _ model: RecurrentModule) {
  let optimizer = Adam(model.parameters())
  time("\(name), 64 × 32 × 128", runs: 40) {
    optimizer.zeroGrad()
    model.forward(x).mean().backward()
    optimizer.step()
  }
}
measure("RNN", RNN(128, 128))
measure("GRU", GRU(128, 128))
measure("LSTM", LSTM(128, 128))

// What a language model of two layers does with a batch.
let model = LSTM(128, 128, numLayers: 2)
measure("LSTM, two layers", model)
