package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"shop/internal/counter"
)

// shown is the page over an api that answers as it is told.
func shown(t *testing.T, api http.HandlerFunc) http.Handler {
	t.Helper()
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	t.Setenv("API_URL", server.URL)
	return handler(settings{}, counter.New(), slog.New(slog.DiscardHandler))
}

func empty(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/orders" {
		_, _ = io.WriteString(w, "[]")
		return
	}
	_, _ = io.WriteString(w, "null")
}

func order(page http.Handler, site string) *httptest.ResponseRecorder {
	form := url.Values{"id": {"order-0001"}, "article": {"fern"}, "quantity": {"2"}, "customer": {" Ida "}}
	request := httptest.NewRequest("POST", "http://shop.example.com/orders", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", site)
	answer := httptest.NewRecorder()
	page.ServeHTTP(answer, request)
	return answer
}

func TestAnOrderGoesToTheApi(t *testing.T) {
	var taken string
	page := shown(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		taken = r.Method + " " + r.URL.Path + " " + string(body)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(body)
	})
	answer := order(page, "same-origin")
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != "/#orders" {
		t.Errorf("%d to %s", answer.Code, answer.Header().Get("Location"))
	}
	if !strings.HasPrefix(taken, "POST /orders ") || !strings.Contains(taken, `"quantity":2,"customer":"Ida"`) {
		t.Errorf("the api got %s", taken)
	}
}

func TestACustomerIsToldTheReasonOfARefusal(t *testing.T) {
	page := shown(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the shop has no article", http.StatusUnprocessableEntity)
	})
	location := order(page, "same-origin").Header().Get("Location")
	if want := "/?trouble=" + url.QueryEscape("Your order was not taken: the shop has no article."); location != want {
		t.Errorf("led to %s", location)
	}
}

func TestAnotherSiteCantSendTheForm(t *testing.T) {
	asked := false
	page := shown(t, func(http.ResponseWriter, *http.Request) { asked = true })
	if answer := order(page, "cross-site"); answer.Code != http.StatusForbidden || asked {
		t.Errorf("%d, and the api was asked: %v", answer.Code, asked)
	}
}

func TestWhatIsShownIsEscaped(t *testing.T) {
	page := shown(t, empty)
	answer := httptest.NewRecorder()
	page.ServeHTTP(answer, httptest.NewRequest("GET", "/?trouble="+url.QueryEscape("<script>"), nil))
	if body := answer.Body.String(); answer.Code != http.StatusOK || strings.Contains(body, "<script>") || !strings.Contains(body, "&lt;script&gt;") {
		t.Errorf("%d %s", answer.Code, body)
	}
	if policy := answer.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'self'") {
		t.Errorf("the policy is %q", policy)
	}
}

func TestThePageSaysThatNobodyIsThere(t *testing.T) {
	page := shown(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	answer := httptest.NewRecorder()
	page.ServeHTTP(answer, httptest.NewRequest("GET", "/", nil))
	if answer.Code != http.StatusBadGateway || !strings.Contains(answer.Body.String(), "Nobody is at the counter") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}
