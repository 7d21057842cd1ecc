"""Writes Tests/DeepLearningTests/Fixtures/optimizer-settings.json: what PyTorch's optimizers, schedules and
gradient clipping do with settings of every kind. Run by hand, with PyTorch installed:

    python3 Tests/Interop/make_optimizer_reference.py

optimizers  parameters a and b after each step on f = Σ c (w − t)² + Σ sin w over both; they are two groups where
            the name says so. With L-BFGS a step calls the closure several times.
schedules   the learning rates of both groups before each step, and the momentum of the first where it moves
clipping    the norm that was found and the gradients that were left
"""
import json
import math
import pathlib
import torch
from torch import optim
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(7)
start = torch.randn(6, generator=generator)
c = torch.rand(6, generator=generator) + 0.1
t = torch.randn(6, generator=generator) * 2


def loss_of(a, b):
    w = torch.cat([a, b])
    return (c * (w - t) ** 2).sum() + w.sin().sum()


def rosenbrock(a, b):
    w = torch.cat([a, b])
    return (100 * (w[1:] - w[:-1] ** 2) ** 2 + (1 - w[:-1]) ** 2).sum()


def path(make, steps=10, loss_of=loss_of):
    a, b = (x.clone().requires_grad_() for x in (start[:2], start[2:]))
    optimizer = make(a, b)

    def closure():
        optimizer.zero_grad()
        loss = loss_of(a, b)
        loss.backward()
        return loss

    found = []
    for _ in range(steps):
        optimizer.step(closure)
        found.append(torch.cat([a, b]).tolist())
    return found


def two(a, b, **second):
    return [{"params": [a]}, {"params": [b], **second}]


optimizers = {
    "SGD momentum .9 dampening .3": lambda a, b: optim.SGD([a, b], 0.05, momentum=0.9, dampening=0.3),
    "SGD groups": lambda a, b: optim.SGD(
        two(a, b, lr=0.1, momentum=0.5, weight_decay=0.2, nesterov=True), 0.05, momentum=0.9),
    "Adagrad lr_decay .1 weight_decay .1 initial .5": lambda a, b: optim.Adagrad(
        [a, b], 0.3, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5),
    "Adagrad groups": lambda a, b: optim.Adagrad(two(a, b, lr=0.3, lr_decay=0.2, eps=1e-3), 0.1),
    "RMSprop centered": lambda a, b: optim.RMSprop([a, b], 0.02, centered=True),
    "RMSprop centered momentum .9 weight_decay .1": lambda a, b: optim.RMSprop(
        [a, b], 0.02, alpha=0.9, eps=1e-4, weight_decay=0.1, momentum=0.9, centered=True),
    "RMSprop groups": lambda a, b: optim.RMSprop(two(a, b, alpha=0.8, momentum=0.5, centered=True), 0.02),
    "Adam groups": lambda a, b: optim.Adam(two(a, b, lr=0.3, betas=(0.5, 0.9), eps=1e-2, weight_decay=0.1), 0.1),
    "AdamW groups": lambda a, b: optim.AdamW(two(a, b, lr=0.3, weight_decay=0.5), 0.1),
    "LBFGS": lambda a, b: optim.LBFGS([a, b], max_iter=3),
    "LBFGS lr .5 history 2": lambda a, b: optim.LBFGS([a, b], lr=0.5, max_iter=4, history_size=2),
    "LBFGS strong Wolfe": lambda a, b: optim.LBFGS([a, b], max_iter=2, line_search_fn="strong_wolfe"),
}
valley = {
    "LBFGS valley": lambda a, b: optim.LBFGS([a, b], lr=0.1, max_iter=5),
    "LBFGS valley strong Wolfe": lambda a, b: optim.LBFGS([a, b], max_iter=4, line_search_fn="strong_wolfe"),
    "LBFGS valley strong Wolfe max_eval 3": lambda a, b: optim.LBFGS(
        [a, b], max_iter=4, max_eval=3, history_size=3, line_search_fn="strong_wolfe"),
}
paths = {name: path(make) for name, make in optimizers.items()}
paths |= {name: path(make, loss_of=rosenbrock) for name, make in valley.items()}

schedule = optim.lr_scheduler
sgd = lambda groups: optim.SGD(groups, 0.4, momentum=0.9)
adam = lambda groups: optim.Adam(groups, 0.4)
schedules = {
    "StepLR 4 .3": (sgd, lambda o: schedule.StepLR(o, 4, 0.3)),
    "MultiStepLR 2 5 5 9": (sgd, lambda o: schedule.MultiStepLR(o, [2, 5, 5, 9], 0.5)),
    "ExponentialLR .8": (sgd, lambda o: schedule.ExponentialLR(o, 0.8)),
    "CosineAnnealingLR 4 min .01": (sgd, lambda o: schedule.CosineAnnealingLR(o, 4, 0.01)),
    "LinearLR 1 to .2 6": (sgd, lambda o: schedule.LinearLR(o, 1.0, 0.2, 6)),
    "LambdaLR": (sgd, lambda o: schedule.LambdaLR(o, lambda e: 1 / (1 + 0.5 * e))),
    "LambdaLR each": (sgd, lambda o: schedule.LambdaLR(o, [lambda e: 0.9**e, lambda e: 1 / (1 + e)])),
    "OneCycleLR": (sgd, lambda o: schedule.OneCycleLR(o, 1.0, total_steps=24)),
    "OneCycleLR Adam": (adam, lambda o: schedule.OneCycleLR(o, [1.0, 0.5], total_steps=30, pct_start=0.25)),
    "OneCycleLR linear": (sgd, lambda o: schedule.OneCycleLR(
        o, 0.8, total_steps=24, anneal_strategy="linear", div_factor=10, final_div_factor=100,
        base_momentum=0.7, max_momentum=0.9)),
    "OneCycleLR three phases": (sgd, lambda o: schedule.OneCycleLR(
        o, 0.8, total_steps=24, three_phase=True, cycle_momentum=False)),
    "SequentialLR warm-up cosine": (sgd, lambda o: schedule.SequentialLR(
        o, [schedule.LinearLR(o, 0.1, 1.0, 5), schedule.CosineAnnealingLR(o, 15)], [5])),
    "SequentialLR three": (sgd, lambda o: schedule.SequentialLR(
        o, [schedule.ExponentialLR(o, 0.9), schedule.StepLR(o, 2, 0.5), schedule.LinearLR(o, 0.25, 1, 4)], [4, 11])),
    "two at once": (sgd, lambda o: [schedule.ExponentialLR(o, 0.9), schedule.MultiStepLR(o, [6], 0.1)]),
}


def rates(make, make_schedule, steps=24):
    a, b = (torch.zeros(1, requires_grad=True) for _ in range(2))
    optimizer = make(two(a, b, lr=0.1))
    made = make_schedule(optimizer)
    made = made if isinstance(made, list) else [made]
    lrs, momenta = [], []
    for step in range(steps):
        groups = optimizer.param_groups
        lrs.append([group["lr"] for group in groups])
        momenta.append(groups[0]["momentum"] if "momentum" in groups[0] else groups[0]["betas"][0])
        optimizer.step()
        for one in made:
            if step + 1 < steps:
                one.step()
    return {"lrs": lrs, "momenta": momenta}


def clipped(clip):
    gradients = [torch.tensor([[3.0, -4.0], [0.5, 2.0]]), torch.tensor([-1.5, 6.0, 0.25])]
    parameters = [torch.zeros_like(g, requires_grad=True) for g in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = clip(parameters)
    return {"norm": None if norm is None else norm.item(),
            "gradients": [p.grad.reshape(-1).tolist() for p in parameters]}


clipping = {
    "norm 1": lambda p: clip_grad_norm_(p, 1),
    "norm 100": lambda p: clip_grad_norm_(p, 100),
    "norm 2 of order 1": lambda p: clip_grad_norm_(p, 2, norm_type=1),
    "norm 2 of order 3": lambda p: clip_grad_norm_(p, 2, norm_type=3),
    "norm 2 of order inf": lambda p: clip_grad_norm_(p, 2, norm_type=math.inf),
    "value 1.75": lambda p: clip_grad_value_(p, 1.75),
}

output = {
    "start": start.tolist(), "c": c.tolist(), "t": t.tolist(),
    "optimizers": paths,
    "schedules": {name: rates(*made) for name, made in schedules.items()},
    "clipping": {name: clipped(clip) for name, clip in clipping.items()},
}
fixtures = pathlib.Path(__file__).parent.parent / "DeepLearningTests" / "Fixtures"
(fixtures / "optimizer-settings.json").write_text(json.dumps(output) + "\n")
print(len(paths), "optimizers,", len(schedules), "schedules,", len(clipping), "ways to clip, PyTorch", torch.__version__)
