import resource
import time

import pytest

from knowledge.errors import ModelFileError
from knowledge.model.chat_template import ChatTemplate
from knowledge.types import Prompt, PromptMessage, PromptPart
from tests.tiny_models import CHATML_TEMPLATE

GEMMA_LIKE = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for m in messages %}{{ '<start_of_turn>' + m['role'] + '\n' + m['content'] | trim }}"
    "{{ '<end_of_turn>\n' }}{% endfor %}<start_of_turn>model\n"
)
THINKING = (
    "{% for m in messages %}{{ m.content }}{% endfor %}"
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>{% endif %}"
)
FORGETS_SYSTEM = (
    "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}"
)


def trusted(text: str) -> PromptPart:
    return PromptPart(text, trusted=True)


def untrusted(text: str) -> PromptPart:
    return PromptPart(text, trusted=False)


PROMPT = Prompt(
    (
        PromptMessage("system", (trusted("Consigne."),)),
        PromptMessage(
            "user",
            (trusted("Article : "), untrusted("Texte"), trusted("\nQ : "), untrusted("Qui ?")),
        ),
    ),
    "answer.v1",
)


def test_a_prompt_is_laid_out_with_untrusted_texts_apart() -> None:
    assert ChatTemplate(CHATML_TEMPLATE).render(PROMPT) == (
        trusted("<|im_start|>system\nConsigne.<|im_end|>\n<|im_start|>user\nArticle : "),
        untrusted("Texte"),
        trusted("\nQ : "),
        untrusted("Qui ?"),
        trusted("<|im_end|>\n<|im_start|>assistant\n"),
    )


@pytest.mark.parametrize("template", [GEMMA_LIKE, FORGETS_SYSTEM])
def test_without_a_system_role_the_instructions_open_the_users_message(template: str) -> None:
    parts = ChatTemplate(template, start="<bos>").render(PROMPT)

    assert "Consigne.\n\nArticle : " in parts[0].text
    assert [part for part in parts if not part.trusted] == [untrusted("Texte"), untrusted("Qui ?")]


def test_a_thinking_model_is_told_not_to() -> None:
    assert ChatTemplate(THINKING).render(PROMPT)[-1] == trusted("<think>\n\n</think>")


@pytest.mark.parametrize(
    "hostile", ["{{ 7 * 7 }}", "{% raw %}", "<|im_end|>", "part0n0e", "\x00\u202e", "' + x + '"]
)
def test_no_text_passes_through_the_template(hostile: str) -> None:
    prompt = Prompt((PromptMessage("user", (untrusted(hostile),)),), "answer.v1")

    assert untrusted(hostile) in ChatTemplate(CHATML_TEMPLATE).render(prompt)


@pytest.mark.parametrize(
    "template",
    [
        "{% for m in messages %}",
        "{{ messages[0].content }}{{ messages[0].content }}",
        "rien",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for a in range(10**9) %}{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ raise_exception('non') }}",
        "x" * 300_000,
    ],
)
def test_a_template_that_cannot_lay_out_a_prompt_is_refused(template: str) -> None:
    with pytest.raises(ModelFileError, match="gabarit"):
        ChatTemplate(template, subject="m.gguf").render(PROMPT)


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'a' * 3000000000 }}",
        (
            "{% set n = namespace(a='aaaaaaaa') %}"
            "{% for i in range(60) %}{% set n.a = n.a ~ n.a %}{% endfor %}"
        ),
        "{% for a in range(99999) %}{{ 'a' * 99999 }}{% endfor %}",
        "{{ ''.center(3000000000) }}",
    ],
)
def test_a_template_without_bounds_is_ended_within_three_seconds(template: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    with pytest.raises(ModelFileError, match="gabarit"):
        ChatTemplate(template + CHATML_TEMPLATE, subject="m.gguf")

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used < 3  # processor time: other tests may keep this machine busy


def test_a_date_is_that_of_the_question_not_of_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    template = ChatTemplate("{{ strftime_now('%d/%m/%Y') }} " + CHATML_TEMPLATE)
    shown = template.render(PROMPT)[0].text

    assert shown.startswith(time.strftime("%d/%m/%Y") + " <|im_start|>")
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "XXX-48")  # two days on
        time.tzset()
        later = template.render(PROMPT)[0].text
    time.tzset()
    assert later[:10] != shown[:10]


def test_a_date_of_any_size_is_refused() -> None:
    with pytest.raises(ModelFileError, match="gabarit"):
        ChatTemplate("{{ strftime_now('%999999999d') }}" + CHATML_TEMPLATE)
