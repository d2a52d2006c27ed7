FROM base
COPY --from=toolkit --exclude=**/testdata --exclude=**/*_test.go --exclude=**/__pycache__ --exclude=*.py . /usr/local/go/
ENV GOTOOLCHAIN=local GOPATH=/go PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /go
RUN mkdir -p src bin && go version
CMD ["bash"]
